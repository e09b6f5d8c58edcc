// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "ingest/ingestor.h"
#include "net/exchange.h"
#include "net/grpc.h"
#include "net/task.h"

namespace clew::ingest {

// Ingests the message of a call as a body of that format.
net::Task<base::Result<IngestReply>> IngestMessage(Ingestor& ingestor, net::Exchange& exchange,
                                                   net::GrpcRequest request, wire::Format format);

// The reply that tells a client why nothing of its message was stored, and when it may
// send it again.
net::GrpcReply GrpcFailure(const base::Error& error);

// The code that tells a client of an ingest protocol what to do: send again after
// RESOURCE_EXHAUSTED with a RetryInfo and after UNAVAILABLE, give up on the others.
net::GrpcCode GrpcCodeOf(base::ErrorCode code);

// How many seconds a client shall wait; only kExhausted says so, because a client may
// send RESOURCE_EXHAUSTED again only when RetryInfo comes with it.
std::optional<int> RetryAfter(base::ErrorCode code);

}  // namespace clew::ingest
