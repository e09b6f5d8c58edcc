// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace clew::base {

// Time that stands still unless it is moved, for tests. Thread-safe.
class SetClock final : public Clock {
 public:
  explicit SetClock(int64_t now_unix_nano = 0) : now_(now_unix_nano) {}
  int64_t UnixNanos() const override { return now_; }
  int64_t MonotonicNanos() const override { return now_; }
  void Advance(int64_t by_ns) { now_ += by_ns; }

 private:
  std::atomic<int64_t> now_;
};

}  // namespace clew::base
