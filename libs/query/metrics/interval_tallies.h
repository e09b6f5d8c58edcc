// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "query/eval/tally.h"
#include "query/metrics/group_measure.h"

namespace clew::query {

// Spans of one interval by slot: each slot is a group. Loops over it are what a metrics query
// spends its time in. One thread.
class IntervalTallies {
 public:
  explicit IntervalTallies(MeasuredAs measured) : measured_(measured) {}

  // There are so many slots at least; new ones are empty.
  void Grow(size_t slots);
  bool empty() const { return counts_.empty(); }

  void Count(uint32_t slot, uint32_t spans) { counts_[slot] += spans; }
  // Of spans whose field is a duration: by its exponent, whose 0 no bucket takes and is not told.
  void CountBucket(uint32_t slot, uint8_t exponent) { ++counts_[slot * kBuckets + exponent]; }
  // The same of rows that follow each other: slots[codes[i]] is that of row i.
  template <typename Code>
  void CountBuckets(std::span<const Code> codes, std::span<const uint32_t> slots,
                    const uint8_t* exponents) {
    uint32_t* const counts = counts_.data();
    for (size_t row = 0; row < codes.size(); ++row) {
      ++counts[slots[codes[row]] * kBuckets + exponents[row]];
    }
  }
  void CountNumber(uint32_t slot, int64_t ns) {
    Sum& sum = sums_[slot];
    if (counts_[slot]++ == 0) sum = {ns, ns, 0};
    sum.min_ns = std::min(sum.min_ns, ns);
    sum.max_ns = std::max(sum.max_ns, ns);
    sum.total_ns += ns;
  }

  // What was counted of a slot, until the next call; it is empty then.
  SpanSum Take(size_t slot);

 private:
  static constexpr size_t kBuckets = 64;
  struct Sum {
    int64_t min_ns = 0, max_ns = 0;
    Tally::Wide total_ns = 0;
  };

  SpanSum TakeBuckets(size_t slot);

  MeasuredAs measured_;
  std::vector<uint32_t> counts_;  // by slot, of buckets by slot and exponent
  std::vector<Sum> sums_;         // by slot
  std::vector<SpanSum::Bucket> taken_;
  Tally tally_;
};

}  // namespace clew::query
