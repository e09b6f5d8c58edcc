// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::ledger {

// How some row's time is spread over many traces: a histogram with logarithmic buckets, which are
// those of OpenTelemetry's exponential histogram of scale 5, so every quantile is right within
// 1.1 %. Beside it an exact count and sum, and the traces in which the row took no time: a row
// that is there only when something is slow has no usual time otherwise.
//
// Merging is adding counts: exact, in any order, any number of times. A value.
class TimeSketch {
 public:
  static constexpr int kScale = 5;

  void Add(uint64_t nanos, uint64_t times = 1);
  void AddAbsent(uint64_t times = 1) { zeros_ += times; }
  void Merge(const TimeSketch& other);

  uint64_t count() const { return zeros_ + positive_; }  // of traces, absent ones too
  uint64_t absent() const { return zeros_; }
  uint64_t sum_nanos() const { return sum_; }
  double mean() const;
  // The time that the share `quantile` of the traces does not exceed. 0 of no traces.
  // REQUIRES: 0 <= quantile <= 1
  double Quantile(double quantile) const;
  // The mean when what is above a quantile counts as that quantile, so that a few slow traces
  // do not move it. 0 of no traces. REQUIRES: 0 <= quantile <= 1
  double MeanUpTo(double quantile) const;
  // How many traces took less, as far as buckets tell: those of the same bucket did not.
  uint64_t CountBelow(uint64_t nanos) const;

  // The times (2^(index/32), 2^((index+1)/32)], and how many there are.
  struct Bucket {
    int32_t index = 0;
    uint64_t count = 0;
    bool operator==(const Bucket&) const = default;
  };
  // Ascending, without empty ones and without the traces in which there was no time.
  std::span<const Bucket> buckets() const { return buckets_; }

  // Little: two bytes for most buckets. The same sketch, the same bytes.
  void AppendTo(std::string& bytes) const;
  // Reads what AppendTo wrote from the front of `bytes`, and takes it away there. kCorruption for
  // anything that it cannot have written.
  static base::Result<TimeSketch> ReadFrom(std::string_view& bytes);

  bool operator==(const TimeSketch&) const = default;

 private:
  void AddTo(int32_t index, uint64_t count);

  std::vector<Bucket> buckets_;
  uint64_t zeros_ = 0;
  uint64_t positive_ = 0;
  uint64_t sum_ = 0;
};

}  // namespace clew::ledger
