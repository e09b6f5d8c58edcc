// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace clew::query {

// What a query says of a trace is computed over its spans that start within this much of
// the range.
inline constexpr int64_t kTraceHorizonNanos = int64_t{3600} * 1'000'000'000;

// From one time to another, of which either may be any at all.
inline int64_t DurationBetween(int64_t start_unix_nano, int64_t end_unix_nano) {
  int64_t duration = 0;
  const bool overflow = __builtin_sub_overflow(end_unix_nano, start_unix_nano, &duration);
  return overflow ? std::numeric_limits<int64_t>::max() : duration;
}

// Selects spans by their start: [start, end), each side open where it is absent.
struct TimeRange {
  std::optional<int64_t> start_unix_nano{}, end_unix_nano{};
  int64_t horizon_ns = kTraceHorizonNanos;

  bool Contains(int64_t time) const {
    return (!start_unix_nano || time >= *start_unix_nano) &&
           (!end_unix_nano || time < *end_unix_nano);
  }
  // Whether it lies in [start - horizon, end + horizon].
  bool IsNear(int64_t time) const {
    return (!start_unix_nano || Plus(time, horizon_ns) >= *start_unix_nano) &&
           (!end_unix_nano || Plus(*end_unix_nano, horizon_ns) >= time);
  }
  // False only if it contains none of [first, last].
  bool MayContain(int64_t first, int64_t last) const {
    return (!start_unix_nano || last >= *start_unix_nano) &&
           (!end_unix_nano || first < *end_unix_nano);
  }

 private:
  static int64_t Plus(int64_t time, int64_t more) {
    int64_t sum = 0;
    const bool overflow = __builtin_add_overflow(time, more, &sum);
    return overflow ? std::numeric_limits<int64_t>::max() : sum;
  }
};

}  // namespace clew::query
