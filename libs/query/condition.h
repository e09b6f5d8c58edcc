// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "query/eval/regexes.h"
#include "query/eval/value.h"
#include "traceql/ast.h"

namespace clew::query {

// Whole numbers [first, last]; none when first > last.
struct WholeRange {
  int64_t first = std::numeric_limits<int64_t>::min();
  int64_t last = std::numeric_limits<int64_t>::max();
  bool Contains(int64_t number) const { return first <= number && number <= last; }
};

// What must hold of single values of a span for an expression to hold: what columns can be
// asked, many rows at a time. It may hold where the expression does not, never the other
// way round.
struct Condition {
  enum class Kind : uint8_t { kAlways, kNever, kAll, kAny, kTest };

  Kind kind = Kind::kAlways;
  std::vector<Condition> parts{};  // of kAll, kAny
  // Of kTest: one of the values of a field passes the test, or it is an array without any.
  std::variant<const traceql::Attribute*, traceql::Intrinsic> field{};
  std::function<bool(const Scalar&)> test{};
  const traceql::FieldExpr* expr = nullptr;  // what the query says of it
  // What the test comes to, where it is as simple as that: of whole numbers, those within;
  // of texts, that one alone, or those that match.
  std::optional<WholeRange> whole{};
  std::optional<std::string_view> text{};
  const Regex* regex = nullptr;

  // It holds where the expression does and nowhere else, as far as its fields are single
  // values.
  bool exact = false;

  static Condition Always() { return {}; }
  static Condition Never() { return {.kind = Kind::kNever, .exact = true}; }
};

// The condition of a filter, `{ expr }`; null is `{ }`. `expr` and `regexes` outlive it.
Condition ConditionOf(const traceql::FieldExpr* expr, Regexes& regexes);

// Of a pipeline: every trace that gets through it has a selected span for which it holds.
Condition ConditionOf(const traceql::SpansetPipeline& pipeline, Regexes& regexes);

}  // namespace clew::query
