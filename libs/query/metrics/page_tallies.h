// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "query/eval/tally.h"
#include "query/metrics/group_measure.h"

namespace clew::query {

// Spans of a run of pages by slot: each slot is a group in an interval. Made for many runs, one
// after another. Loops over it are what a metrics query spends its time in. One thread.
class PageTallies {
 public:
  explicit PageTallies(MeasuredAs measured) : measured_(measured) {}

  // Slots of the next run; all are empty.
  void Begin(size_t slots) {
    if (is_open_) std::ranges::fill(buckets_, 0);  // The run before was given up.
    is_open_ = true;
    if (measured_ == MeasuredAs::kBuckets) {
      used_.assign(slots, 0);
      if (buckets_.size() < slots * kBuckets) buckets_.resize(slots * kBuckets);
      return;
    }
    counts_.assign(slots, 0);
    if (measured_ == MeasuredAs::kTally) sums_.assign(slots, {});
  }

  void Count(uint32_t slot) { ++counts_[slot]; }
  std::span<uint32_t> counts() { return counts_; }  // by slot
  // Of spans whose field is a duration.
  void CountBucket(uint32_t slot, int64_t ns) {
    // Bucket e has what lies in (2^(e-1), 2^e]; the first has what no bucket takes, and is not
    // told.
    const auto width = static_cast<uint32_t>(std::bit_width(static_cast<uint64_t>(ns) - 1));
    const uint32_t exponent = ns >= 2 ? width : 0;
    used_[slot] |= uint64_t{1} << exponent;
    ++buckets_[slot * kBuckets + exponent];
  }
  void CountNumber(uint32_t slot, int64_t ns) {
    Sum& sum = sums_[slot];
    if (counts_[slot]++ == 0) sum = {ns, ns, 0};
    sum.min_ns = std::min(sum.min_ns, ns);
    sum.max_ns = std::max(sum.max_ns, ns);
    sum.total_ns += ns;
  }

  bool IsEmpty(size_t slot) const {
    return measured_ == MeasuredAs::kBuckets ? used_[slot] == 0 : counts_[slot] == 0;
  }
  // What was counted of a slot, until the next call. Its buckets are forgotten.
  SpanSum Take(size_t slot);
  // All slots were taken.
  void End() { is_open_ = false; }

 private:
  static constexpr size_t kBuckets = 64;
  struct Sum {
    int64_t min_ns = 0, max_ns = 0;
    Tally::Wide total_ns = 0;
  };

  SpanSum TakeBuckets(size_t slot);

  const MeasuredAs measured_;
  bool is_open_ = false;
  std::vector<uint32_t> counts_;   // by slot; not of buckets
  std::vector<uint64_t> used_;     // by slot: a bit for each exponent that was counted
  std::vector<uint32_t> buckets_;  // by slot and exponent; zeros between runs
  std::vector<Sum> sums_;          // by slot
  std::vector<SpanSum::Bucket> taken_;
  Tally tally_;
};

}  // namespace clew::query
