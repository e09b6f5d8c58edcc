// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace clew::load {

// How long things took, in buckets of 1/32 of their size, so any percentile is at most
// 3.2 % too high. 16 kB. Not thread-safe.
class LatencyHistogram {
 public:
  void Record(int64_t duration_ns) {
    const auto value = static_cast<uint64_t>(std::max<int64_t>(duration_ns, 0));
    ++counts_[BucketOf(value)];
    ++count_;
    max_ns_ = std::max(max_ns_, static_cast<int64_t>(value));
  }
  // The least duration that `share` of all do not exceed; 0 when there is none.
  int64_t Percentile(double share) const {
    const auto rank = static_cast<uint64_t>(share * static_cast<double>(count_));
    uint64_t seen = 0;
    for (size_t bucket = 0; bucket < counts_.size(); ++bucket) {
      seen += counts_[bucket];
      if (seen > rank || (seen == count_ && seen > 0)) return std::min(EndOf(bucket), max_ns_);
    }
    return 0;
  }
  uint64_t count() const { return count_; }
  int64_t max_ns() const { return max_ns_; }

 private:
  static constexpr unsigned kSubBits = 5;
  // Values below 32 have a bucket each; above, 32 buckets a power of two.
  static size_t BucketOf(uint64_t value) {
    if (value < (1u << kSubBits)) return value;
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - kSubBits - 1;
    return (static_cast<size_t>(shift) << kSubBits) + (value >> shift);
  }
  static int64_t EndOf(size_t bucket) {
    if (bucket < (1u << kSubBits)) return static_cast<int64_t>(bucket);
    const size_t shift = (bucket >> kSubBits) - 1;
    const uint64_t start = (bucket - (shift << kSubBits)) << shift;
    return static_cast<int64_t>(start + (uint64_t{1} << shift) - 1);
  }

  std::array<uint64_t, (64 - kSubBits + 1) << kSubBits> counts_{};
  uint64_t count_ = 0;
  int64_t max_ns_ = 0;
};

}  // namespace clew::load
