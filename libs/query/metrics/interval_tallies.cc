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
  constexpr uint32_t kBucketsAtATime = 8;  // most are empty
  SpanSum sum;
  taken_.clear();
  uint32_t* const counts = counts_.data() + slot * kBuckets;
  counts[0] = 0;
  for (uint32_t first = 0; first < kBuckets; first += kBucketsAtATime) {
    uint32_t any = 0;
    for (uint32_t i = 0; i < kBucketsAtATime; ++i) any |= counts[first + i];
    if (any == 0) continue;
    for (uint32_t exponent = first; exponent < first + kBucketsAtATime; ++exponent) {
      const uint32_t count = std::exchange(counts[exponent], 0);
      if (count == 0) continue;
      taken_.push_back({Log2Bucket::OfDuration(exponent), count});
      sum.count += count;
    }
  }
  sum.buckets = taken_;
  return sum;
}

}  // namespace clew::query
