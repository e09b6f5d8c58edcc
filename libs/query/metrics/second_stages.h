// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "query/eval/value.h"
#include "query/metrics/series.h"
#include "traceql/ast.h"

namespace clew::query {

// topk(n) and bottomk(n), interval by interval, ties by the text of the labels; and
// comparisons, which drop the samples that do not hold.
void ApplySecondStage(const traceql::SecondStage& stage, std::vector<Series>& series);

// What an expression of numbers alone is; nil: nothing, as 1 / 0.
Scalar ValueOfConstant(const traceql::ScalarExpr& expr);

}  // namespace clew::query
