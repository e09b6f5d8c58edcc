// SPDX-License-Identifier: Apache-2.0
// What a receiver on our network code costs that stores nothing: reads bodies to their end,
// throws them away and says yes, to gRPC and to HTTP, on several threads.
//
//   bench_ingest_swallow PORT THREADS
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include "net/exchange.h"
#include "net/grpc.h"
#include "net/server.h"

namespace clew::bench {
namespace {

constexpr size_t kMessageLimitBytes = size_t{64} << 20;

class SwallowHttp final : public net::Handler {
 public:
  net::Task<void> Handle(net::Exchange& exchange) override {
    const base::Result<std::string> body =
        co_await net::ReadWholeBody(exchange, kMessageLimitBytes);
    if (!body.ok()) co_return;
    (void)co_await net::ReplyText(exchange, 200, "application/x-protobuf", "");
  }
};

net::Task<net::GrpcReply> SwallowCall(net::Exchange&, net::GrpcRequest) {
  co_return net::GrpcReply();
}

int Run(uint16_t port, unsigned threads) {
  SwallowHttp http;
  net::GrpcHandler grpc(kMessageLimitBytes);
  grpc.Add("/opentelemetry.proto.collector.trace.v1.TraceService/Export", SwallowCall);
  grpc.Add("/jaeger.api_v2.CollectorService/PostSpans", SwallowCall);
  net::GrpcOrHttp both(grpc, http);
  std::vector<std::unique_ptr<net::EventLoop>> loops;
  std::vector<net::EventLoop*> borrowed;
  for (unsigned i = 0; i < threads; ++i) {
    loops.push_back(std::make_unique<net::EventLoop>());
    borrowed.push_back(loops.back().get());
  }
  net::ListenOptions options;
  options.port = port;
  const auto server = net::Server::Listen(options, borrowed, both);
  if (!server.ok()) {
    std::fprintf(stderr, "swallow: %s\n", server.error().message.c_str());
    return 1;
  }
  std::vector<std::jthread> running;
  running.reserve(threads);
  for (net::EventLoop* const loop : borrowed) running.emplace_back([loop] { loop->Run(); });
  return 0;  // after the signal that ends the process: the threads run for ever
}

}  // namespace
}  // namespace clew::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_ingest_swallow PORT THREADS\n");
    return 2;
  }
  return clew::bench::Run(static_cast<uint16_t>(std::strtoul(argv[1], nullptr, 10)),
                          static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)));
}
