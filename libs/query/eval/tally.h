// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "query/eval/value.h"

namespace clew::query {

// The least, the greatest, the sum and the mean of numbers. Whole ones are added exactly, so
// their order does not matter.
class Tally {
 public:
  __extension__ using Wide = __int128;

  struct Durations {
    uint64_t count;  // above 0
    int64_t min_ns, max_ns;
    Wide sum_ns;
  };
  static Tally OfDurations(const Durations& durations);

  // Takes each value of an array. What is no number, or NaN, is passed over.
  void Add(const Value& value);
  // All that another took.
  void Add(const Tally& other);

  uint64_t count() const { return count_; }
  // Of the types that went in, nil when there was no number. A sum of whole numbers past 64
  // bits is nil too. The mean of durations is one, rounded towards zero, any other a float.
  Scalar Min() const { return min_; }
  Scalar Max() const { return max_; }
  Scalar Sum() const;
  Scalar Mean() const;
  // With durations in seconds. REQUIRES: count() > 0
  double SumOfSamples() const;

 private:
  void Add(const Scalar& number);

  uint64_t count_ = 0, durations_ = 0, floats_ = 0;
  Wide integer_sum_ = 0, duration_sum_ns_ = 0;
  double float_sum_ = 0;
  Scalar min_, max_;
};

}  // namespace clew::query
