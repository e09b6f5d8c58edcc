// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/counter.h"
#include "load/latency_histogram.h"

namespace clew::check {

// How long traces took from their acknowledgement to being read whole. One thread.
class VisibleDelays {
 public:
  void Record(int64_t delay_ns) {
    const std::chrono::nanoseconds delay(delay_ns);
    ++counts_.buckets[base::DurationHistogram::BucketOf(delay)];
    counts_.sum_seconds += std::chrono::duration<double>(delay).count();
    exact_.Record(delay_ns);
  }

  // As /metrics shows them.
  const base::DurationHistogram::Counts& counts() const { return counts_; }
  // Counts and percentiles.
  const load::LatencyHistogram& exact() const { return exact_; }

 private:
  base::DurationHistogram::Counts counts_;
  load::LatencyHistogram exact_;
};

}  // namespace clew::check
