// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reference/assembled_trace.h"

namespace clew::reference {

struct MetricsOptions {
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  int64_t step_ns = 0;   // not used when instant
  bool instant = false;  // one interval, [start, end]
  size_t exemplars = 100;
  int64_t horizon_ns = SpanRange{}.horizon_ns;
};

// The intervals of a metrics query, (edge, edge + step], each named by its right edge. The
// first edge is a step before the start, itself a whole number of steps at most the one asked
// for; the last is a whole number of steps too. So a start that is one has a sample.
class TimeAxis {
 public:
  // REQUIRES: start_ns < end_ns, and step_ns > 0 unless instant
  static TimeAxis Of(const MetricsOptions& options);

  size_t interval_count() const { return interval_count_; }
  double step_seconds() const { return static_cast<double>(step_ns_) / 1e9; }
  // The spans that lie in some interval.
  const SpanRange& range() const { return range_; }
  std::vector<int64_t> Timestamps() const;
  // REQUIRES: a time within range()
  size_t IntervalOf(int64_t time_ns) const;

 private:
  int64_t first_edge_ns_ = 0;
  int64_t step_ns_ = 0;
  size_t interval_count_ = 1;
  SpanRange range_;
};

}  // namespace clew::reference
