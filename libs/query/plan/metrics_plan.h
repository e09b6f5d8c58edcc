// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "query/condition.h"
#include "query/eval/mentioned_fields.h"
#include "query/eval/regexes.h"
#include "query/metrics/time_axis.h"
#include "traceql/ast.h"

namespace clew::query {

// Where a function of a metrics query takes its spans from.
struct SelectionPlan {
  enum class Spans : uint8_t {
    kRows,           // row by row; `filter` is all that selects them
    kRowsAndRoots,   // likewise, and what their roots say trace by trace
    kTraces,         // of traces with a span that meets the condition, looked at as a whole
    kLimitedTraces,  // of those that a search has left, because of limit()
  };

  const traceql::MetricsQuery& query;
  Spans spans = Spans::kTraces;
  const traceql::SpansetFilter* filter = nullptr;  // of both kRows
  Condition condition;                             // what columns are asked
  std::vector<MentionedField> mentioned;           // what exemplars say of their spans
};

// How numbers over time are computed. Immutable.
struct MetricsPlan {
  const traceql::MetricsExpr& root;
  TimeAxis axis;
  int64_t step_ns = 0;
  bool instant = false;
  size_t exemplars = 0;                   // of all series; 0: none are picked
  std::vector<SelectionPlan> selections;  // one for each function in the query, in its order

  // REQUIRES: it is one of the plan's query
  const SelectionPlan& SelectionOf(const traceql::MetricsQuery& query) const;
};

// `query` and `regexes` outlive it. kInvalidArgument for a query that computes nothing, or that
// CheckSpansetOperators refuses.
base::Result<MetricsPlan> PlanMetrics(const traceql::Query& query, const MetricsOptions& options,
                                      Regexes& regexes);

// A line for each decision, its name in front: for people, and to be compared.
std::string Print(const MetricsPlan& plan);

}  // namespace clew::query
