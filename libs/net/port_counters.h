// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/counter.h"
#include "base/mutex.h"
#include "base/paced_warning.h"
#include "net/ended_connections.h"

namespace clew::net {

// The connections of one port. Thread-safe.
struct PortCounters {
  // The name is for the log.
  explicit PortCounters(std::string name = {}) : port(name), ended(std::move(name)) {}

  // The system had none to give, as without file descriptors, or its client has gone already.
  void NoteFailedAccept(std::string_view why) {
    failed_accepts.Add();
    failed_accept_warning.Note("cannot accept a connection" + (port.empty() ? "" : " to " + port) +
                               ": " + std::string(why));
  }

  const std::string port;
  base::Counter open;        // now
  base::Counter accepted;    // also those that were closed at once
  base::Counter over_limit;  // closed at once, because there were too many
  base::Counter tls_handshakes;
  base::Counter failed_tls_handshakes;
  base::Counter failed_accepts;
  base::PacedWarning failed_accept_warning;
  EndedConnections ended;
};

// Those of all ports of a program by name. Thread-safe.
class NamedPortCounters {
 public:
  using ByName = std::map<std::string, std::shared_ptr<PortCounters>>;

  // Made when there are none.
  std::shared_ptr<PortCounters> Of(const std::string& name) {
    const base::MutexLock lock(mutex_);
    std::shared_ptr<PortCounters>& counters = ports_[name];
    if (counters == nullptr) counters = std::make_shared<PortCounters>(name);
    return counters;
  }
  ByName all() const {
    const base::MutexLock lock(mutex_);
    return ports_;
  }

 private:
  mutable base::Mutex mutex_;
  ByName ports_ GUARDED_BY(mutex_);
};

}  // namespace clew::net
