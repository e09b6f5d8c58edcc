// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <variant>

#include "traceql/ast.h"
#include "traceql/cursor.h"

namespace clew::traceql {

// What the operators outside of braces join. Which of them it is, only its tokens tell:
// `(` may begin any.
using Operand = std::variant<SpansetExpr, ScalarExpr, ScalarFilter, MetricsExpr>;

// Operands and operators that bind at least as tightly as `loosest`.
ParseResult<Operand> ParseOperand(Cursor& cursor, Precedence loosest);

ParseResult<Aggregate> ParseAggregate(Cursor& cursor);

}  // namespace clew::traceql
