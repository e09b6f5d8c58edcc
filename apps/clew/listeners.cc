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
  const char* name;
  uint16_t asked;
  uint16_t& actual;
  net::Handler& handler;
  uint64_t body_limit_bytes;
};

}  // namespace

LoopThreads::LoopThreads(unsigned count, const char* name) {
  for (unsigned i = 0; i < std::max(1u, count); ++i) {
    loops_.push_back(std::make_unique<net::EventLoop>());
    threads_.emplace_back([loop = loops_.back().get(), name] {
      base::NameThread(name);
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
                                                         const PortLoops& loops,
                                                         const PortHandlers& handlers,
                                                         const PortLimits& limits) {
  auto listeners = std::make_unique<Listeners>();
  ServerPorts& actual = listeners->ports_;
  const uint64_t body_limit = options.body_limit_bytes;
  const Port ports[] = {
      {"api", options.ports.api, actual.api, handlers.api, serve::kOpenedFileBytes},
      {"ui", options.ports.ui, actual.ui, handlers.api, serve::kOpenedFileBytes},
  };
  struct OptionalPort {
    const char* name;
    std::optional<uint16_t> asked;
    std::optional<uint16_t>& actual;
    net::Handler& handler;
    uint64_t body_limit_bytes;
  };
  const OptionalPort optional_ports[] = {
      {"otlp_grpc", options.ports.otlp_grpc, actual.otlp_grpc, handlers.otlp_grpc, body_limit},
      {"otlp_http", options.ports.otlp_http, actual.otlp_http, handlers.otlp_http, body_limit},
      {"jaeger_thrift", options.ports.jaeger_thrift, actual.jaeger_thrift, handlers.jaeger_thrift,
       body_limit},
      {"jaeger_grpc", options.ports.jaeger_grpc, actual.jaeger_grpc, handlers.jaeger_grpc,
       body_limit},
      {"jaeger_sampling", options.ports.jaeger_sampling, actual.jaeger_sampling,
       handlers.jaeger_sampling, body_limit},
      {"zipkin", options.ports.zipkin, actual.zipkin, handlers.zipkin, body_limit},
  };
  net::ListenOptions listen;
  listen.address = options.address;
  listen.tls = options.tls;
  listen.bodies = &limits.bodies;
  listen.connections = limits.connections;
  listen.timeouts.slow_body = net::kSlowBodyGrace;
  if (options.header_timeout.count() > 0) {
    listen.timeouts.header =
        std::chrono::duration_cast<std::chrono::milliseconds>(options.header_timeout);
  }
  const auto open = [&](const auto& port, uint16_t asked,
                        const std::vector<net::EventLoop*>& on) -> base::Result<uint16_t> {
    listen.port = asked;
    listen.body_limit_bytes = port.body_limit_bytes;
    listen.counters = handlers.connections.Of(port.name);
    listeners->servers_.push_back(TRY(net::Server::Listen(listen, on, port.handler)));
    return listeners->servers_.back()->port();
  };
  for (const Port& port : ports) {
    port.actual = TRY(open(port, port.asked, loops.asking));
  }
  for (const OptionalPort& port : optional_ports) {
    port.actual = std::nullopt;
    if (port.asked) port.actual = TRY(open(port, *port.asked, loops.receiving));
  }
  TRY(listeners->OpenDatagrams(options, loops.receiving, handlers));
  return listeners;
}

base::Status Listeners::OpenDatagrams(const ServerOptions& options,
                                      const std::vector<net::EventLoop*>& loops,
                                      const PortHandlers& handlers) {
  struct DatagramPort {
    std::optional<uint16_t> asked;
    std::optional<uint16_t>& actual;
    net::DatagramHandler& handler;
  };
  const DatagramPort ports[] = {
      {options.ports.jaeger_compact, ports_.jaeger_compact, handlers.jaeger_compact},
      {options.ports.jaeger_binary, ports_.jaeger_binary, handlers.jaeger_binary},
  };
  for (const DatagramPort& port : ports) {
    port.actual = std::nullopt;
    if (!port.asked) continue;
    net::EventLoop& loop = *loops[datagram_servers_.size() % loops.size()];
    datagram_servers_.push_back(
        TRY(net::DatagramServer::Listen(options.address, *port.asked, loop, port.handler)));
    port.actual = datagram_servers_.back()->port();
  }
  return {};
}

void Listeners::Drain(std::chrono::milliseconds grace) {
  // All at once: each blocks for as long as its own exchanges need.
  std::vector<std::thread> threads;
  threads.reserve(servers_.size() + datagram_servers_.size());
  for (const auto& server : servers_) {
    threads.emplace_back([&server, grace] { server->Drain(grace); });
  }
  for (const auto& server : datagram_servers_) {
    threads.emplace_back([&server, grace] { server->Drain(grace); });
  }
  for (std::thread& thread : threads) thread.join();
}

std::vector<std::pair<std::string, uint16_t>> NamedPorts(const ServerPorts& ports) {
  std::vector<std::pair<std::string, uint16_t>> named = {
      {"api", ports.api},
      {"ui", ports.ui},
  };
  const auto add = [&](const char* name, std::optional<uint16_t> port) {
    if (port) named.emplace_back(name, *port);
  };
  add("otlp_grpc", ports.otlp_grpc);
  add("otlp_http", ports.otlp_http);
  add("jaeger_thrift", ports.jaeger_thrift);
  add("jaeger_grpc", ports.jaeger_grpc);
  add("jaeger_sampling", ports.jaeger_sampling);
  add("jaeger_compact", ports.jaeger_compact);
  add("jaeger_binary", ports.jaeger_binary);
  add("zipkin", ports.zipkin);
  return named;
}

base::Status WritePortsFile(const std::string& path, const ServerPorts& ports) {
  const std::string unfinished = path + ".new";
  {
    std::ofstream file(unfinished, std::ios::trunc);
    file << "{";
    for (const auto& [name, port] : NamedPorts(ports)) file << '"' << name << "\":" << port << ',';
    file << "\"pid\":" << getpid() << "}\n";
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
