// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "reference/field_evaluator.h"
#include "reference/series.h"
#include "reference/time_axis.h"
#include "traceql/ast.h"

namespace clew::reference {

// rate(), quantile_over_time() and their like, over the spans that a pipeline has left.
std::vector<Series> RunRangeFunction(const traceql::MetricsQuery& query,
                                     const std::vector<SpanInTrace>& spans, const TimeAxis& axis,
                                     FieldEvaluator& fields);

}  // namespace clew::reference
