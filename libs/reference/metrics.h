// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "reference/series.h"
#include "reference/span.h"
#include "reference/time_axis.h"
#include "traceql/ast.h"

namespace clew::reference {

struct MetricsAnswer {
  std::vector<int64_t> timestamps_ns;  // of the samples of every series
  std::vector<Series> series;          // by the number of labels, then their text
};

// REQUIRES: Validate(query).ok(), the options make a TimeAxis, the traces have different ids
base::Result<MetricsAnswer> EvaluateMetrics(const traceql::Query& query,
                                            const std::vector<Trace>& traces,
                                            const MetricsOptions& options);

}  // namespace clew::reference
