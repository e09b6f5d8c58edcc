// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_set>

#include "net/body_budget.h"
#include "net/end_reason.h"
#include "net/event_loop.h"
#include "net/exchange.h"
#include "net/limits.h"
#include "net/port_counters.h"

namespace clew::net {

// What a running connection must be able to do when its server goes.
class ConnectionControl {
 public:
  virtual ~ConnectionControl() = default;
  // Finish what runs, take nothing new (GOAWAY; "Connection: close"), then end.
  virtual void StartDrain() = 0;
  // End now: close the transport, so that the coroutine unwinds by itself.
  virtual void Abort() = 0;
  // Others want its place: end, if nothing has run on it for so long.
  virtual void CloseIfIdle(std::chrono::steady_clock::duration at_least) = 0;
};

// The connections of one server on one loop; touched on that loop's thread only.
struct ConnectionList {
  std::unordered_set<ConnectionControl*> open;
  bool draining = false;
};

// Lists a connection for as long as it lives. When the list is draining
// already, the connection is told at once.
class ConnectionListing {
 public:
  ConnectionListing(ConnectionList& list, ConnectionControl& control)
      : list_(list), control_(control) {
    list_.open.insert(&control_);
    if (list_.draining) control_.StartDrain();
  }
  ~ConnectionListing() { list_.open.erase(&control_); }
  ConnectionListing(const ConnectionListing&) = delete;
  ConnectionListing& operator=(const ConnectionListing&) = delete;

 private:
  ConnectionList& list_;
  ConnectionControl& control_;
};

// What a connection needs to know of its server. `keep_alive` holds whatever
// the references point at, except the handler and the loop, which the caller of Listen keeps.
struct ConnectionContext {
  Handler& handler;
  EventLoop& loop;
  ConnectionList& connections;
  Timeouts timeouts;
  uint64_t body_limit_bytes = kDefaultBodyLimitBytes;
  BodiesOfLoop* bodies = nullptr;  // null: bodies of all requests together have no limit
  std::shared_ptr<void> keep_alive;
  PortCounters* counters = nullptr;  // null: nobody counts; kept by `keep_alive`

  void NoteEnd(EndReason reason, std::string_view client) const {
    if (counters != nullptr) counters->ended.Note(reason, client);
  }
};

// Serves one connection until it ends. `already_read` are bytes that were read
// from it to find out what it speaks.
//   http1_server.h: Task<void> ServeHttp1(Transport, std::string already_read, ConnectionContext);
//   http2_server.h: Task<void> ServeHttp2(Transport, std::string already_read, ConnectionContext);

}  // namespace clew::net
