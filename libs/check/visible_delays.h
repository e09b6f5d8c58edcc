// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "load/latency_histogram.h"

namespace clew::check {

// How long traces took from their acknowledgement to being read whole. One thread.
class VisibleDelays {
 public:
  // Upper ends of the buckets that /metrics shows, in seconds; one more has no end.
  static constexpr std::array<double, 12> kBounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                     0.1,   0.25,   0.5,   1,    2.5,   10};

  void Record(int64_t delay_ns) {
    const double seconds = static_cast<double>(delay_ns) / 1e9;
    for (size_t i = 0; i < kBounds.size(); ++i) counts_[i] += seconds <= kBounds[i] ? 1 : 0;
    seconds_ += seconds;
    exact_.Record(delay_ns);
  }

  // Delays of at most kBounds[i].
  uint64_t CountUpTo(size_t i) const { return counts_[i]; }
  double total_seconds() const { return seconds_; }
  // Counts and percentiles.
  const load::LatencyHistogram& exact() const { return exact_; }

 private:
  std::array<uint64_t, kBounds.size()> counts_{};
  double seconds_ = 0;
  load::LatencyHistogram exact_;
};

}  // namespace clew::check
