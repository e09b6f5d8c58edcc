// SPDX-License-Identifier: Apache-2.0
// What most would write: OTLP over gRPC by grpc++ and generated classes, which parses the
// spans and throws them away.
//
//   bench_ingest_grpcpp PORT
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <memory>
#include <string>

#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"

namespace {

namespace collector = opentelemetry::proto::collector::trace::v1;

class Sink final : public collector::TraceService::CallbackService {
  grpc::ServerUnaryReactor* Export(grpc::CallbackServerContext* context,
                                   const collector::ExportTraceServiceRequest*,
                                   collector::ExportTraceServiceResponse*) override {
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench_ingest_grpcpp PORT\n");
    return 2;
  }
  Sink sink;
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(64 << 20);
  builder.AddListeningPort("127.0.0.1:" + std::string(argv[1]), grpc::InsecureServerCredentials());
  builder.RegisterService(&sink);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server) return 1;
  server->Wait();  // until the signal that ends the process
  return 0;
}
