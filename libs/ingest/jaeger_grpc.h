// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "ingest/ingestor.h"
#include "net/grpc.h"

namespace clew::ingest {

inline constexpr std::string_view kJaegerPostSpans = "/jaeger.api_v2.CollectorService/PostSpans";

// Adds Jaeger's collector service to `grpc`. The ingestor must outlive it. A span that is
// rejected is counted and not told, because the answer has no place for it.
void AddJaegerGrpc(net::GrpcHandler& grpc, Ingestor& ingestor);

}  // namespace clew::ingest
