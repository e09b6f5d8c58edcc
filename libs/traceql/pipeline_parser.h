// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <variant>

#include "traceql/ast.h"
#include "traceql/cursor.h"

namespace clew::traceql {

// What a pipeline can end as: spansets, a number of each trace, series over time.
using Pipeline = std::variant<SpansetPipeline, ScalarExpr, MetricsExpr>;

// Stages with `|` between them. A ScalarExpr comes only in parentheses, where it is an
// operand; alone it is no query.
enum class Place : uint8_t { kTop, kParentheses };
ParseResult<Pipeline> ParsePipeline(Cursor& cursor, Place place);

ParseResult<SpansetFilter> ParseSpansetFilter(Cursor& cursor);

}  // namespace clew::traceql
