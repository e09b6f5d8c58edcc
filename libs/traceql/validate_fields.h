// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "traceql/ast.h"
#include "traceql/limits.h"
#include "traceql/types.h"
#include "traceql/validate.h"

namespace clew::traceql {

Fault Invalid(const Position& position, std::string message);
// `feature` is what is not supported, in the plural or as it is written.
Fault NotSupported(const Position& position, std::string feature);

// What the checks of all expressions of a query share.
struct FieldRules {
  Dialect dialect = Dialect::kClew;
  int regex_instructions_left = kMaxRegexInstructions;
};

// What an expression over fields gives, when nothing in it is wrong.
base::Result<Type, Fault> TypeOf(const FieldExpr& expr, FieldRules& rules);

// Whether its value depends on the span.
bool ReferencesSpan(const FieldExpr& expr);

}  // namespace clew::traceql
