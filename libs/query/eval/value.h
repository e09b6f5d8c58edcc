// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/span_sink.h"
#include "traceql/operators.h"
#include "traceql/static.h"

// What a field of a span is, as TraceQL sees it.
namespace clew::query {

using traceql::Duration;
using traceql::Nil;
using traceql::SpanKind;
using traceql::SpanStatus;

// One value; texts are views of what it was read from.
using Scalar =
    std::variant<Nil, int64_t, double, std::string_view, bool, Duration, SpanStatus, SpanKind>;

// One value, or those of an array or of all events and links of a span. An array without
// elements is as no value.
struct Value {
  Scalar scalar{};
  std::vector<Scalar> elements{};  // two or more; `scalar` is then not looked at

  bool is_nil() const { return elements.empty() && std::holds_alternative<Nil>(scalar); }
  // Calls `visit` with each of its values; a nil has none.
  template <typename Visit>
  void ForEach(Visit&& visit) const {
    if (!elements.empty()) {
      for (const Scalar& element : elements) visit(element);
    } else if (!is_nil()) {
      visit(scalar);
    }
  }
  void Add(const Scalar& value);
};

Scalar ScalarOf(const traceql::Static& value);
// The other way, with texts of its own.
traceql::Static StaticOf(const Scalar& value);
// Nothing but a nil for what TraceQL cannot ask for: bytes, lists of keys and values.
Value ValueOf(const model::ValueView& value);

SpanStatus StatusOf(int32_t otlp_code);
SpanKind KindOf(int32_t otlp_kind);

// Numbers, durations among them, as one that others can be compared with.
std::optional<double> NumberOf(const Scalar& value);

// `left op right` of a comparison other than by regular expression. Whole numbers are
// compared as such, others as floats; values that do not go together compare as false.
bool Compare(traceql::BinaryOperator op, const Scalar& left, const Scalar& right);
// Nil when a side is no number, or whole numbers are divided by zero.
Scalar Calculate(traceql::BinaryOperator op, const Scalar& left, const Scalar& right);
Scalar Negate(const Scalar& value);

// A total order, for grouping and sorting: numbers by what they are worth, NaN below all
// others, and values that are worth the same by type; all else by type first.
bool IsLess(const Scalar& left, const Scalar& right);

}  // namespace clew::query
