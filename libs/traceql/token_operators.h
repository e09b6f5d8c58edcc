// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "traceql/operators.h"
#include "traceql/token.h"

// Which operator a sign is depends on what it stands between: fields, numbers and series,
// or spansets.
namespace clew::traceql {

std::optional<BinaryOperator> BinaryOperatorOf(TokenKind kind);
std::optional<LogicalOperator> LogicalOperatorOf(TokenKind kind);
std::optional<SpansetOperator> SpansetOperatorOf(TokenKind kind);

}  // namespace clew::traceql
