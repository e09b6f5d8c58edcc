// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "traceql/ast.h"

// The words of the language, other than the intrinsics.
namespace clew::traceql {

// `true`, `nil`, `ok`, `server`, `minInt` and so on.
std::optional<Static> FindConstant(std::string_view word);
std::string_view TextOf(SpanStatus status);
std::string_view TextOf(SpanKind kind);

// `span` and so on; kAny has no word.
std::optional<Scope> FindScope(std::string_view word);
// What stands before the name of an attribute: `.`, `span.`, `parent.`, `parent.span.`.
std::string PrefixOf(Scope scope, bool of_parent);

std::optional<AggregateFunction> FindAggregate(std::string_view word);
std::string_view TextOf(AggregateFunction function);

std::optional<MetricsFunction> FindMetricsFunction(std::string_view word);
std::string_view TextOf(MetricsFunction function);

// Whether Tempo has the word, wherever it may stand; whether we alone do.
bool IsTempoWord(std::string_view word);
bool IsOwnWord(std::string_view word);

}  // namespace clew::traceql
