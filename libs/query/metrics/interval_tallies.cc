// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/interval_tallies.h"

#include <utility>

namespace clew::query {

void IntervalTallies::Grow(size_t slots) {
  const size_t counts = measured_ == MeasuredAs::kBuckets ? slots * kBuckets : slots;
  if (counts_.size() >= counts) return;
  counts_.resize(counts);
  if (measured_ == MeasuredAs::kTally) sums_.resize(slots);
}

SpanSum IntervalTallies::Take(size_t slot) {
  if (measured_ == MeasuredAs::kBuckets) return TakeBuckets(slot);
  SpanSum sum{.count = std::exchange(counts_[slot], 0)};
  if (measured_ == MeasuredAs::kTally && sum.count > 0) {
    const auto& [min_ns, max_ns, total_ns] = sums_[slot];
    tally_ = Tally::OfDurations({sum.count, min_ns, max_ns, total_ns});
    sum.tally = &tally_;
  }
  return sum;
}

SpanSum IntervalTallies::TakeBuckets(size_t slot) {
  SpanSum sum;
  taken_.clear();
  for (uint32_t exponent = 0; exponent < kBuckets; ++exponent) {
    const uint32_t count = std::exchange(counts_[slot * kBuckets + exponent], 0);
    if (count == 0 || exponent == 0) continue;
    taken_.push_back({Log2Bucket::OfDuration(exponent), count});
    sum.count += count;
  }
  sum.buckets = taken_;
  return sum;
}

}  // namespace clew::query
