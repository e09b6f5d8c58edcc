// SPDX-License-Identifier: Apache-2.0
#include "reference/time_axis.h"

#include <algorithm>

#include "base/check.h"

namespace clew::reference {
namespace {

int64_t Floor(int64_t time, int64_t step) {
  const int64_t past = time % step;
  return time - (past < 0 ? past + step : past);
}

}  // namespace

TimeAxis TimeAxis::Of(const MetricsOptions& options) {
  CHECK(options.start_ns < options.end_ns);
  TimeAxis axis;
  if (options.instant) {
    axis.first_edge_ns_ = options.start_ns;
    axis.step_ns_ = options.end_ns - options.start_ns;
    axis.range_ = {options.start_ns, options.end_ns + 1, options.horizon_ns};
    return axis;
  }
  CHECK(options.step_ns > 0);
  const int64_t step = options.step_ns;
  const int64_t last_edge = Floor(options.end_ns + step - 1, step);
  axis.first_edge_ns_ = Floor(options.start_ns, step) - step;
  axis.step_ns_ = step;
  axis.interval_count_ = static_cast<size_t>((last_edge - axis.first_edge_ns_) / step);
  axis.range_ = {axis.first_edge_ns_ + 1, last_edge + 1, options.horizon_ns};
  return axis;
}

std::vector<int64_t> TimeAxis::Timestamps() const {
  std::vector<int64_t> timestamps;
  for (size_t i = 1; i <= interval_count_; ++i) {
    timestamps.push_back(first_edge_ns_ + static_cast<int64_t>(i) * step_ns_);
  }
  return timestamps;
}

size_t TimeAxis::IntervalOf(int64_t time_ns) const {
  // The first edge lies in an interval only when instant.
  return static_cast<size_t>(std::max<int64_t>(time_ns - first_edge_ns_ - 1, 0) / step_ns_);
}

}  // namespace clew::reference
