// SPDX-License-Identifier: Apache-2.0
#include "listeners.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <utility>

#include "base/thread_name.h"
#include "serve/limits.h"

namespace clew {
namespace {

struct Port {
  uint16_t asked;
  uint16_t& actual;
  net::Handler& handler;
  uint64_t body_limit_bytes;
  bool open = true;
};

}  // namespace

LoopThreads::LoopThreads(unsigned count) {
  for (unsigned i = 0; i < std::max(1u, count); ++i) {
    loops_.push_back(std::make_unique<net::EventLoop>());
    threads_.emplace_back([loop = loops_.back().get()] {
      base::NameThread("loop");
      loop->Run();
    });
  }
}

std::vector<net::EventLoop*> LoopThreads::loops() const {
  std::vector<net::EventLoop*> loops;
  loops.reserve(loops_.size());
  for (const auto& loop : loops_) loops.push_back(loop.get());
  return loops;
}

void LoopThreads::Stop() {
  for (const auto& loop : loops_) loop->Stop();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

base::Result<std::unique_ptr<Listeners>> Listeners::Open(const ServerOptions& options,
                                                         const std::vector<net::EventLoop*>& loops,
                                                         const PortHandlers& handlers) {
  auto listeners = std::make_unique<Listeners>();
  ServerPorts& actual = listeners->ports_;
  const uint64_t body_limit = options.body_limit_bytes;
  const Port ports[] = {
      {options.ports.api, actual.api, handlers.api, serve::kOpenedFileBytes},
      {options.ports.ui, actual.ui, handlers.api, serve::kOpenedFileBytes},
      {options.ports.otlp_grpc, actual.otlp_grpc, handlers.otlp_grpc, body_limit},
      {options.ports.otlp_http, actual.otlp_http, handlers.otlp_http, body_limit},
      {options.ports.jaeger_thrift, actual.jaeger_thrift, handlers.jaeger_thrift, body_limit},
      {options.ports.zipkin, actual.zipkin, handlers.zipkin, body_limit, options.zipkin},
  };
  net::ListenOptions listen;
  listen.address = options.address;
  listen.tls = options.tls;
  if (options.header_timeout.count() > 0) {
    listen.timeouts.header =
        std::chrono::duration_cast<std::chrono::milliseconds>(options.header_timeout);
  }
  for (const Port& port : ports) {
    if (!port.open) {
      port.actual = 0;
      continue;
    }
    listen.port = port.asked;
    listen.body_limit_bytes = port.body_limit_bytes;
    std::unique_ptr<net::Server> server = TRY(net::Server::Listen(listen, loops, port.handler));
    port.actual = server->port();
    listeners->servers_.push_back(std::move(server));
  }
  return listeners;
}

void Listeners::Drain(std::chrono::milliseconds grace) {
  // All at once: each blocks for as long as its own exchanges need.
  std::vector<std::thread> threads;
  threads.reserve(servers_.size());
  for (const auto& server : servers_) {
    threads.emplace_back([&server, grace] { server->Drain(grace); });
  }
  for (std::thread& thread : threads) thread.join();
}

base::Status WritePortsFile(const std::string& path, const ServerPorts& ports) {
  const std::string unfinished = path + ".new";
  {
    std::ofstream file(unfinished, std::ios::trunc);
    file << "{\"api\":" << ports.api << ",\"ui\":" << ports.ui
         << ",\"otlp_grpc\":" << ports.otlp_grpc << ",\"otlp_http\":" << ports.otlp_http
         << ",\"jaeger_thrift\":" << ports.jaeger_thrift << ",\"zipkin\":" << ports.zipkin
         << ",\"pid\":" << getpid() << "}\n";
    if (!file.flush()) {
      return base::Error{base::ErrorCode::kIo, "cannot write the ports file " + unfinished};
    }
  }
  if (std::rename(unfinished.c_str(), path.c_str()) != 0) {
    return base::Error{base::ErrorCode::kIo, "cannot write the ports file " + path};
  }
  return {};
}

}  // namespace clew
