// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "base/result.h"
#include "query/left_out.h"
#include "query/metrics/series.h"
#include "query/metrics/time_axis.h"
#include "store/sources.h"
#include "traceql/ast.h"

namespace clew::query {

struct MetricsAnswer {
  std::vector<int64_t> timestamps;  // of the samples of each series, Unix nanoseconds
  std::vector<Series> series;       // by the number of labels, then their text
};

// What a valid query for numbers over time gives; the same wherever the spans lie. A span
// that was received several times counts each time. kInvalidArgument when the query selects traces;
// else errors as those of Search.
base::Result<MetricsAnswer> RunMetrics(const store::Sources& sources, const traceql::Query& query,
                                       const MetricsOptions& options,
                                       std::stop_token cancelled = {}, LeftOut* left_out = nullptr);

}  // namespace clew::query
