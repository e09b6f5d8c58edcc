// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/time_axis.h"

#include "base/check.h"

namespace clew::query {
namespace {

int64_t FloorTo(int64_t time, int64_t step) {
  const int64_t past = time % step;
  return time - (past < 0 ? past + step : past);
}

}  // namespace

TimeAxis::TimeAxis(const MetricsOptions& options)
    : first_edge_(options.start_unix_nano),
      step_ns_(options.end_unix_nano - options.start_unix_nano),
      range_{options.start_unix_nano, options.end_unix_nano + 1} {
  CHECK(step_ns_ > 0);
  if (options.instant) return;
  CHECK(options.step_ns > 0);
  step_ns_ = options.step_ns;
  first_edge_ = FloorTo(options.start_unix_nano, step_ns_) - step_ns_;
  const int64_t last_edge = FloorTo(options.end_unix_nano + step_ns_ - 1, step_ns_);
  interval_count_ = static_cast<size_t>((last_edge - first_edge_) / step_ns_);
  range_ = {first_edge_ + 1, last_edge + 1};
}

}  // namespace clew::query
