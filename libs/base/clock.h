// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace clew::base {

// Time, passed in so that tests decide what it is. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual int64_t UnixNanos() const = 0;
  virtual int64_t MonotonicNanos() const = 0;

  static Clock& System();
};

}  // namespace clew::base
