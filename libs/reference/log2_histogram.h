// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "traceql/static.h"

namespace clew::reference {

// The bucket of an integer or a duration: it rounded up to a power of two, a duration in
// nanoseconds and then told in seconds. None below 2, and none for floats.
std::optional<double> BucketOf(const traceql::Static& value);

// How many values fell into each bucket; a bucket b holds what lies in (b / 2, b].
class Log2Histogram {
 public:
  void Add(double bucket) { ++counts_[bucket]; }

  bool empty() const { return counts_.empty(); }
  // The value below which the share q of all lies: that of rank ceil(q * n), at least the
  // first, the values of one bucket taken to be spread evenly over its powers of two. 0 when
  // it is empty.
  double Quantile(double q) const;

 private:
  std::map<double, uint64_t> counts_;
};

}  // namespace clew::reference
