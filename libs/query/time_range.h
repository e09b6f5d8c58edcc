// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace clew::query {

// Selects spans by their start: [start, end), each side open where it is absent.
struct TimeRange {
  std::optional<int64_t> start_unix_nano{}, end_unix_nano{};

  // Whether `time` lies in the range widened by `slack_ns` on both sides.
  // REQUIRES: slack_ns >= 0
  bool Contains(int64_t time, int64_t slack_ns = 0) const {
    if (start_unix_nano && time < Minus(*start_unix_nano, slack_ns)) return false;
    return !end_unix_nano || Minus(time, slack_ns) < *end_unix_nano;
  }

 private:
  static int64_t Minus(int64_t time, int64_t slack_ns) {
    int64_t out = 0;
    const bool overflow = __builtin_sub_overflow(time, slack_ns, &out);
    return overflow ? std::numeric_limits<int64_t>::min() : out;
  }
};

}  // namespace clew::query
