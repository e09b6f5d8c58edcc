// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

#include "base/mutex.h"
#include "base/result.h"
#include "serve/limits.h"

namespace clew::serve {

// What queries may take together and each for itself, as the operator sets it.
struct QueryLimits {
  // So many run at the same time, each on a thread of its own.
  size_t concurrency = std::max(1u, std::thread::hardware_concurrency());
  // Of which it has so many, its own among them, while others have no use for the rest.
  size_t threads = std::max(1u, std::thread::hardware_concurrency());
  // So many more wait for their turn, each so long at most; then the answer is 429.
  size_t queue = kQueryQueueLimit;
  std::chrono::nanoseconds queue_wait = kQueryQueueWait;
  // Once it runs, the answer is 504 after this.
  std::chrono::nanoseconds timeout = kQueryTimeout;
  // Of what it collects; over it the answer is 422.
  uint64_t memory_bytes = kQueryMemoryBytes;
  // One that takes longer is noted as slow.
  std::chrono::nanoseconds slow = kSlowQuery;
};

// Limits that an operator may change while queries run: each has those of when it came. How many
// run at the same time, on how many threads, and how many wait stays as it was at first.
// Thread-safe.
class LiveQueryLimits {
 public:
  explicit LiveQueryLimits(const QueryLimits& limits = {}) : limits_(limits) {}

  QueryLimits Get() const {
    const base::MutexLock lock(mutex_);
    return limits_;
  }
  void Set(QueryLimits limits) {
    const base::MutexLock lock(mutex_);
    limits.concurrency = limits_.concurrency;
    limits.threads = limits_.threads;
    limits.queue = limits_.queue;
    limits_ = limits;
  }

 private:
  mutable base::Mutex mutex_;
  QueryLimits limits_ GUARDED_BY(mutex_);
};

// Why a query does not run: the queue is full, or it waited there for too long.
inline constexpr std::string_view kQueueFull = "job queue full";
base::Error WaitedTooLong(const QueryLimits& limits);
// Why one that runs has no answer in time.
base::Error TookTooLong(const QueryLimits& limits);

// "60 s", "200 ms".
std::string DurationText(std::chrono::nanoseconds duration);

}  // namespace clew::serve
