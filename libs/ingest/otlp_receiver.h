// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "ingest/ingestor.h"
#include "net/exchange.h"
#include "net/grpc.h"

namespace clew::ingest {

inline constexpr std::string_view kOtlpTraceExport =
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

// Adds the OTLP trace service to `grpc`. The ingestor must outlive it.
void AddOtlpGrpc(net::GrpcHandler& grpc, Ingestor& ingestor);

// OTLP over HTTP: POST /v1/traces with a body in protobuf or JSON, answered in the same.
// Errors carry a google.rpc.Status, but for a wrong method or content type, which say so
// in plain text. Thread-safe, like the ingestor it feeds.
class OtlpHttpReceiver final : public net::Handler {
 public:
  explicit OtlpHttpReceiver(Ingestor& ingestor) : ingestor_(ingestor) {}
  net::Task<void> Handle(net::Exchange& exchange) override;

 private:
  net::Task<void> Export(net::Exchange& exchange, wire::Format format);

  Ingestor& ingestor_;
};

}  // namespace clew::ingest
