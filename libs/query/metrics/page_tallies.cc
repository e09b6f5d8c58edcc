// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/page_tallies.h"

#include <cmath>

namespace clew::query {

SpanSum PageTallies::Take(size_t slot) {
  SpanSum sum{.count = counts_[slot]};
  if (measured_ == MeasuredAs::kBuckets) {
    taken_.clear();
    for (size_t exponent = 0; exponent < kBuckets; ++exponent) {
      uint32_t& count = buckets_[slot * kBuckets + exponent];
      if (count == 0) continue;
      taken_.push_back({std::ldexp(1.0, static_cast<int>(exponent)) / 1e9, count});
      count = 0;
    }
    sum.buckets = taken_;
  } else if (measured_ == MeasuredAs::kTally) {
    const auto& [min_ns, max_ns, total_ns] = sums_[slot];
    tally_ = Tally::OfDurations({counts_[slot], min_ns, max_ns, total_ns});
    sum.tally = &tally_;
  }
  return sum;
}

}  // namespace clew::query
