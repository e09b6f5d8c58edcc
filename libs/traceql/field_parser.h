// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "traceql/ast.h"
#include "traceql/cursor.h"

// What stands between the braces of a filter and between the parentheses of functions.
namespace clew::traceql {

ParseResult<FieldExpr> ParseFieldExpr(Cursor& cursor);
// An attribute or an intrinsic.
ParseResult<FieldExpr> ParseFieldName(Cursor& cursor);
// One or more of these, with commas, up to a closing parenthesis, which is taken.
ParseResult<std::vector<FieldExpr>> ParseFieldNames(Cursor& cursor);
// A literal, a number with or without a sign.
ParseResult<Static> ParseStatic(Cursor& cursor);

// A chain of one operator, to which parentheses on its left belong, is one node.
FieldExpr JoinLogical(LogicalOperator op, Position position, FieldExpr left, FieldExpr right);

}  // namespace clew::traceql
