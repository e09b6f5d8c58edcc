// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "query/eval/value.h"

namespace clew::query {

// The bucket of a whole number or a duration: it rounded up to a power of two, of
// nanoseconds and then told in seconds. None below 2, and none for floats.
std::optional<double> BucketOf(const Scalar& value);

// How many values fell into each bucket; a bucket b has what lies in (b / 2, b].
class Log2Histogram {
 public:
  void Add(double bucket, uint64_t count);
  void Add(const Log2Histogram& other);
  // The value that the share q of all lies below: that of rank ceil(q n), the values of a
  // bucket taken to be spread evenly over its powers of two. 0 when there is none.
  double Quantile(double q) const;

 private:
  std::vector<std::pair<double, uint64_t>> counts_;  // by bucket, ascending
  size_t last_ = 0;                                  // the place of the bucket that came last
};

}  // namespace clew::query
