// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/mutex.h"

namespace clew::net {

// How many connections may be open at a time, over all ports that share it. When there is little
// room left, those are closed that do nothing, so that one who opens many and says nothing does
// not keep others out. Thread-safe.
class ConnectionLimit {
 public:
  explicit ConnectionLimit(size_t most) : most_(most) {}
  ConnectionLimit(const ConnectionLimit&) = delete;
  ConnectionLimit& operator=(const ConnectionLimit&) = delete;

  // False when there are so many already.
  bool Enter();
  void Leave();
  size_t most() const { return most_; }

  // `close_idle` is called when room is short, on any thread and under a lock: it returns at once.
  // False: it is of no use any more.
  void OnShortage(std::function<bool()> close_idle);

  struct Counters {
    uint64_t open = 0;
    uint64_t refused = 0;
  };
  Counters counters() const;

 private:
  void CloseIdle() REQUIRES_LOCK(mutex_);

  const size_t most_;
  mutable base::Mutex mutex_;
  Counters counters_ GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point last_shortage_ GUARDED_BY(mutex_);
  std::vector<std::function<bool()>> close_idle_ GUARDED_BY(mutex_);
};

// File descriptors that this process may have open: as many as its hard limit allows, from now
// on. 0 when the system does not tell.
uint64_t RaiseDescriptorLimit();

// How many of them may be connections, so that files can be opened whoever connects.
size_t ConnectionsWithin(uint64_t descriptors);

}  // namespace clew::net
