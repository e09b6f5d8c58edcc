// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "traceql/ast.h"
#include "traceql/cursor.h"

namespace clew::traceql {

bool AtMetricsFunction(const Cursor& cursor);

// The metrics function at the end of a pipeline, with the stages after it.
// REQUIRES: AtMetricsFunction(cursor)
ParseResult<MetricsExpr> ParseMetricsQuery(Cursor& cursor, SpansetPipeline pipeline);

// Appends `| topk(n)`, `| bottomk(n)` and comparisons, as many as there are.
ParseStatus ParseSecondStages(Cursor& cursor, MetricsExpr& series);

}  // namespace clew::traceql
