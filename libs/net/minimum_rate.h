// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "net/limits.h"

namespace clew::net {

// How long a peer may let us wait in all for the bytes of one message: a grace, and for every
// byte that comes the time it takes at kMinBytesPerSecond. Only time spent waiting for the peer
// counts, so a slow handler is not held against it.
class MinimumRate {
 public:
  using Duration = std::chrono::steady_clock::duration;

  // milliseconds::max(): for ever.
  explicit MinimumRate(std::chrono::milliseconds grace) : grace_(grace) {}

  void Moved(uint64_t bytes) { moved_bytes_ += bytes; }
  void Waited(Duration duration) { waited_ += duration; }

  // What is left of it, and never more than `stall`.
  Duration PatienceWithin(std::chrono::milliseconds stall) const {
    if (grace_ == std::chrono::milliseconds::max()) return stall;
    constexpr Duration kOfAByte = Duration(std::chrono::seconds(1)) / kMinBytesPerSecond;
    const Duration left = grace_ + kOfAByte * static_cast<int64_t>(moved_bytes_) - waited_;
    return left < stall ? left : Duration(stall);
  }

 private:
  const std::chrono::milliseconds grace_;
  uint64_t moved_bytes_ = 0;
  Duration waited_{0};
};

}  // namespace clew::net
