// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/datagram_server.h"
#include "net/event_loop.h"
#include "net/exchange.h"
#include "net/server.h"
#include "server.h"

namespace clew {

// Event loops, each on a thread of its own. Stop ends them; whatever is still
// suspended on one is destroyed with it.
class LoopThreads {
 public:
  LoopThreads(unsigned count, const char* name);
  ~LoopThreads() { Stop(); }
  LoopThreads(const LoopThreads&) = delete;
  LoopThreads& operator=(const LoopThreads&) = delete;

  std::vector<net::EventLoop*> loops() const;
  void Stop();

 private:
  std::vector<std::unique_ptr<net::EventLoop>> loops_;
  std::vector<std::thread> threads_;
};

// Who answers on each port. All must outlive the listeners.
struct PortHandlers {
  net::Handler& api;
  net::Handler& otlp_grpc;
  net::Handler& otlp_http;
  net::Handler& jaeger_thrift;
  net::Handler& jaeger_grpc;
  net::Handler& jaeger_sampling;
  net::DatagramHandler& jaeger_compact;
  net::DatagramHandler& jaeger_binary;
  net::Handler& zipkin;
  net::NamedPortCounters& connections;  // by the names of the ports file
};

// Where connections live. Those that ask have loops of their own, so that an answer never waits for
// a large body that is being read.
struct PortLoops {
  std::vector<net::EventLoop*> receiving;
  std::vector<net::EventLoop*> asking;
};

// What the ports share.
struct PortLimits {
  net::BodyBudget& bodies;  // outlives the loops
  std::shared_ptr<net::ConnectionLimit> connections;
};

// All ports of the server, open together or not at all. Destroyed before its loops.
class Listeners {
 public:
  static base::Result<std::unique_ptr<Listeners>> Open(const ServerOptions& options,
                                                       const PortLoops& loops,
                                                       const PortHandlers& handlers,
                                                       const PortLimits& limits);
  const ServerPorts& ports() const { return ports_; }  // as they are, where 0 was asked for

  // Accepts nothing more on any port and waits for running exchanges, at most `grace`.
  void Drain(std::chrono::milliseconds grace);

 private:
  base::Status OpenDatagrams(const ServerOptions& options,
                             const std::vector<net::EventLoop*>& loops,
                             const PortHandlers& handlers);

  std::vector<std::unique_ptr<net::Server>> servers_;
  std::vector<std::unique_ptr<net::DatagramServer>> datagram_servers_;
  ServerPorts ports_;
};

// What is listened on, as ("jaeger_compact", 6831).
std::vector<std::pair<std::string, uint16_t>> NamedPorts(const ServerPorts& ports);

// Writes {"api":3200,...,"pid":42} to `path`, whole or not at all.
base::Status WritePortsFile(const std::string& path, const ServerPorts& ports);

}  // namespace clew
