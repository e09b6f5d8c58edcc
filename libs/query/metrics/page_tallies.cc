// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/page_tallies.h"

#include <bit>
#include <utility>

namespace clew::query {

SpanSum PageTallies::Take(size_t slot) {
  if (measured_ == MeasuredAs::kBuckets) return TakeBuckets(slot);
  SpanSum sum{.count = counts_[slot]};
  if (measured_ == MeasuredAs::kTally) {
    const auto& [min_ns, max_ns, total_ns] = sums_[slot];
    tally_ = Tally::OfDurations({counts_[slot], min_ns, max_ns, total_ns});
    sum.tally = &tally_;
  }
  return sum;
}

SpanSum PageTallies::TakeBuckets(size_t slot) {
  SpanSum sum;
  taken_.clear();
  for (uint64_t used = used_[slot]; used != 0; used &= used - 1) {
    const auto exponent = static_cast<uint32_t>(std::countr_zero(used));
    const uint32_t count = std::exchange(buckets_[slot * kBuckets + exponent], 0);
    if (exponent == 0) continue;
    taken_.push_back({Log2Bucket::OfDuration(exponent), count});
    sum.count += count;
  }
  sum.buckets = taken_;
  return sum;
}

}  // namespace clew::query
