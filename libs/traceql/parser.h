// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "traceql/ast.h"
#include "traceql/cursor.h"
#include "traceql/parse_error.h"

namespace clew::traceql {

// The query that a text is. Whether its types fit is for Validate to say.
ParseResult<Query> Parse(std::string_view text, Dialect dialect = Dialect::kClew);

// A field alone, as tag values are asked for: `.foo`, `resource."x y"`, `span:kind`.
ParseResult<FieldExpr> ParseField(std::string_view text);

}  // namespace clew::traceql
