// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/grpc.h"
#include "serve/queries.h"
#include "serve/worker_pool.h"

namespace clew::serve {

// Adds the methods of tempopb.StreamingQuerier: the questions of Tempo's HTTP API with the
// same rules and answers. The first messages of a search bring traces as they are found,
// each once; the last message, or the last ones where one is too small, the whole answer.
// What is given outlives the handler.
void AddStreamingApi(net::GrpcHandler& grpc, Queries& queries, WorkerPool& workers);

}  // namespace clew::serve
