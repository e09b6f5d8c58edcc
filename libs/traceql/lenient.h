// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "traceql/ast.h"

namespace clew::traceql {

// What a query that may be half typed surely asks of one span: its complete matchers, such
// as `.a = "x"`. Used to narrow down what is offered for completion, so in doubt it asks
// for less: an incomplete operand of && is left out, one of || makes the whole || match
// anything. None when nothing narrows: no text, no matcher, more than one spanset.
std::optional<FieldExpr> ParseLenient(std::string_view text);

}  // namespace clew::traceql
