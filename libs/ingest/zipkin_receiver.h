// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "ingest/ingestor.h"
#include "net/exchange.h"
#include "net/grpc.h"

namespace clew::ingest {

inline constexpr std::string_view kZipkinReport = "/zipkin.proto3.SpanService/Report";

// Adds Zipkin's span service to `grpc`. The ingestor must outlive it. A call of which a span is
// rejected is INVALID_ARGUMENT, and the others are stored all the same.
void AddZipkinGrpc(net::GrpcHandler& grpc, Ingestor& ingestor);

// Zipkin's collector endpoints: POST /api/v2/spans with a list of spans in JSON or protobuf, and
// POST /api/v1/spans with one in JSON or Thrift; 202 with no body when all are stored. Zipkin
// cannot say that a part was rejected: where a span was, the answer is 400 and says so, and the
// others are stored all the same. Thread-safe, like the ingestor it feeds.
class ZipkinReceiver final : public net::Handler {
 public:
  explicit ZipkinReceiver(Ingestor& ingestor) : ingestor_(ingestor) {}
  net::Task<void> Handle(net::Exchange& exchange) override;

 private:
  Ingestor& ingestor_;
};

}  // namespace clew::ingest
