// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "reference/field_value.h"
#include "traceql/static.h"

namespace clew::reference {

// The least, the greatest, the sum and the mean of numbers. Integers and durations are added
// exactly, so their order does not matter.
class Tally {
 public:
  // Takes each element of an array. What is no number, or NaN, is passed over.
  void Add(const FieldValue& value);

  uint64_t count() const { return count_; }
  // Of the types that went in; nothing when there was no number. A sum of integers past int64
  // is nothing either. The mean of durations is one, rounded towards zero, that of any other
  // numbers a float.
  std::optional<traceql::Static> Min() const { return min_; }
  std::optional<traceql::Static> Max() const { return max_; }
  std::optional<traceql::Static> Sum() const;
  std::optional<traceql::Static> Mean() const;
  // As samples of a series: durations in seconds.
  // REQUIRES: count() > 0
  double SumSample() const;

 private:
  __extension__ using Wide = __int128;

  void Add(const traceql::Static& number);

  uint64_t count_ = 0;
  uint64_t durations_ = 0;
  uint64_t floats_ = 0;
  Wide integer_sum_ = 0;
  Wide duration_sum_ns_ = 0;
  double float_sum_ = 0;
  std::optional<traceql::Static> min_;
  std::optional<traceql::Static> max_;
};

}  // namespace clew::reference
