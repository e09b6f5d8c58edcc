// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "query/metrics/metrics_query.h"
#include "serve/api.h"
#include "serve/queries.h"

namespace clew::serve {

// GET /api/metrics/query_range: a sample for each step.
base::Result<ApiReply> MetricsRange(const ApiRequest& request, QueryRun& run);
// GET /api/metrics/query: one for the whole range.
base::Result<ApiReply> MetricsInstant(const ApiRequest& request, QueryRun& run);

// What they answer, or why they cannot. Nobody hears of the progress when it is null.
base::Result<query::MetricsAnswer> ComputeMetrics(const ApiRequest& request, QueryRun& run,
                                                  bool instant,
                                                  query::ProgressListener* progress = nullptr);
// Those of the span, after the id of its trace.
std::vector<query::AnswerAttribute> ExemplarLabels(const query::Exemplar& exemplar);

// Answers as Tempo writes them; intervals without a sample are left out. `threads` help unless
// null.
std::string RangeJson(const query::MetricsAnswer& answer, query::ScanThreads* threads);
std::string InstantJson(const query::MetricsAnswer& answer, query::ScanThreads* threads);

}  // namespace clew::serve
