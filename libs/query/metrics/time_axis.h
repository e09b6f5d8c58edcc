// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "query/memory_budget.h"
#include "query/progress.h"
#include "query/scan_threads.h"
#include "query/time_range.h"

namespace clew::query {

// What is asked of a metrics query beside its text.
struct MetricsOptions {
  int64_t start_unix_nano = 0;
  int64_t end_unix_nano = 0;  // after the start
  int64_t step_ns = 0;        // above 0; of no use when instant
  bool instant = false;       // one interval, [start, end]
  size_t exemplars = 100;
  MemoryBudget* memory = nullptr;  // null: no limit
  ScanThreads* threads = nullptr;  // null: the calling thread alone
  ProgressListener* progress = nullptr;
};

// The intervals of a metrics query, (edge, edge + step], each named by its right edge. The
// first edge is a step before the start, itself taken down to a whole number of steps; the
// last is taken up to one. Immutable.
class TimeAxis {
 public:
  explicit TimeAxis(const MetricsOptions& options);

  size_t interval_count() const { return interval_count_; }
  double step_seconds() const { return static_cast<double>(step_ns_) / 1e9; }
  int64_t step_ns() const { return step_ns_; }
  // What lies in some interval; both of its ends are given.
  const TimeRange& range() const { return range_; }
  // REQUIRES: range() contains it
  size_t IntervalOf(int64_t unix_nano) const {
    // Only an instant query has its first edge inside.
    const int64_t past = unix_nano - first_edge_ - 1;
    return past < 0 ? 0 : static_cast<size_t>(past / step_ns_);
  }
  int64_t right_edge(size_t interval) const {
    return first_edge_ + static_cast<int64_t>(interval + 1) * step_ns_;
  }

 private:
  int64_t first_edge_;
  int64_t step_ns_;
  size_t interval_count_ = 1;
  TimeRange range_;
};

}  // namespace clew::query
