// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
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

// Nothing, one value, or an array of such of one type, which may be empty. The values of all
// events and links of a span are an array too, unless only one of them has any.
struct Value {
  Scalar scalar{};  // of what is no array
  bool is_array = false;
  std::vector<Scalar> elements{};

  static Value Of(const Scalar& scalar) { return {.scalar = scalar}; }
  bool is_nil() const { return !is_array && std::holds_alternative<Nil>(scalar); }
  // Calls `visit` with each of its values; a nil has none.
  template <typename Visit>
  void ForEach(Visit&& visit) const {
    if (is_array) {
      for (const Scalar& element : elements) visit(element);
    } else if (!is_nil()) {
      visit(scalar);
    }
  }
  // Adds that of one more event or link.
  void Join(const Value& part);
};

Scalar ScalarOf(const traceql::Static& value);
// The other way, with texts of its own.
traceql::Static StaticOf(const Scalar& value);
// A nil for what TraceQL cannot ask for: bytes, lists of keys and values, arrays of several
// types.
Value ValueOf(const model::ValueView& value);

SpanStatus StatusOf(int32_t otlp_code);
SpanKind KindOf(int32_t otlp_kind);

// Numbers, durations among them, as one that others can be compared with.
std::optional<double> NumberOf(const Scalar& value);

// `left op right` of a comparison other than by regular expression. Whole numbers are
// compared as such, others as floats; values that do not go together compare as false.
bool Compare(traceql::BinaryOperator op, const Scalar& left, const Scalar& right);
// Whole numbers give one, a duration when a side is one; with a float all is computed in
// floats. Nil when a side is no number, or whole numbers overflow or are divided by zero.
Scalar Calculate(traceql::BinaryOperator op, const Scalar& left, const Scalar& right);
Scalar Negate(const Scalar& value);

// A total order, for grouping and sorting: numbers by what they are worth, NaN above all
// others, and those that are worth the same by type; then texts, booleans, statuses, kinds,
// arrays by their elements, and nil.
std::weak_ordering OrderOf(const Value& left, const Value& right);
std::weak_ordering OrderOf(const Scalar& left, const Scalar& right);

// An integer or the nanoseconds of a duration.
std::optional<int64_t> WholeOf(const Scalar& value);
bool IsNaN(const Scalar& value);

}  // namespace clew::query
