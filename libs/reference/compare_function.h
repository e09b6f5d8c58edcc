// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "reference/field_evaluator.h"
#include "reference/series.h"
#include "reference/time_axis.h"
#include "traceql/ast.h"

namespace clew::reference {

// compare(): how often each value of each attribute occurs among the spans of the selection,
// and how often among all others.
std::vector<Series> RunCompare(const traceql::Compare& compare,
                               const std::vector<SpanInTrace>& spans, const TimeAxis& axis,
                               FieldEvaluator& fields);

}  // namespace clew::reference
