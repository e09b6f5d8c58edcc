// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/body_budget.h"
#include "net/connection_limit.h"
#include "net/event_loop.h"
#include "net/exchange.h"
#include "net/limits.h"
#include "net/port_counters.h"

namespace clew::net {

struct TlsFiles {
  std::string certificate_path;  // PEM chain; empty: plain text
  std::string key_path;
  // PEM: only clients are let in whose certificate one of these has signed; empty: all are.
  std::string client_ca_path{};
};

struct ListenOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;  // 0: any free one, see Server::port
  TlsFiles tls;
  uint64_t body_limit_bytes = 0;  // 0: the limit of limits.h
  Timeouts timeouts;
  // Counts its connections.
  std::shared_ptr<PortCounters> counters = std::make_shared<PortCounters>();
  BodyBudget* bodies = nullptr;                  // outlives the loops; null: no limit
  std::shared_ptr<ConnectionLimit> connections;  // null: one of its own, that of limits.h
};

// Listens on one port and serves HTTP/1.1, HTTP/2 (prior knowledge, or ALPN over
// TLS) and, through the same handler, gRPC. Connections are handed to `loops`
// in turn. Listen and Drain are called from one thread, off the loops.
class Server {
 public:
  // kInvalidArgument for a bad address or certificate; kIo when the port is in
  // use or not permitted, in one sentence fit for a person.
  static base::Result<std::unique_ptr<Server>> Listen(const ListenOptions& options,
                                                      std::vector<EventLoop*> loops,
                                                      Handler& handler);
  virtual ~Server() = default;
  virtual uint16_t port() const = 0;

  // Stops accepting, lets running exchanges finish (GOAWAY on HTTP/2, close after
  // the response on HTTP/1.1) for at most `grace`, then closes everything.
  // Blocks; the loops must be running.
  virtual void Drain(std::chrono::milliseconds grace) = 0;
};

}  // namespace clew::net
