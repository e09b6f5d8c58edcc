// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <ctime>

namespace clew::net {

// steady_clock, up to kCoarseTick behind: good enough for deadlines, which are
// noticed later still, and several times cheaper to read.
inline constexpr std::chrono::milliseconds kCoarseTick{10};
inline std::chrono::steady_clock::time_point CoarseNow() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return std::chrono::steady_clock::time_point(std::chrono::seconds(now.tv_sec) +
                                               std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace clew::net
