// SPDX-License-Identifier: Apache-2.0
#include "reference/field_value.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "traceql/print.h"

namespace clew::reference {
namespace {

using traceql::Static;

// Wide enough for every int64 and every double.
std::optional<long double> WideNumber(const Static& value) {
  if (const auto* const integer = std::get_if<int64_t>(&value)) {
    return static_cast<long double>(*integer);
  }
  if (const auto* const duration = std::get_if<traceql::Duration>(&value)) {
    return static_cast<long double>(duration->ns);
  }
  if (const auto* const number = std::get_if<double>(&value)) {
    return static_cast<long double>(*number);
  }
  return std::nullopt;
}

std::weak_ordering OrderOfNumbers(long double left, long double right) {
  if (std::isnan(left) || std::isnan(right)) return std::isnan(left) <=> std::isnan(right);
  if (left < right) return std::weak_ordering::less;
  return left > right ? std::weak_ordering::greater : std::weak_ordering::equivalent;
}

template <typename T>
std::weak_ordering OrderOfSame(const T& left, const T& right) {
  if (left < right) return std::weak_ordering::less;
  return right < left ? std::weak_ordering::greater : std::weak_ordering::equivalent;
}

// All kinds of number come first.
size_t RankOf(const Static& value) {
  return WideNumber(value) ? 0 : 1 + value.index();
}

std::weak_ordering OrderOf(const Static& left, const Static& right) {
  if (RankOf(left) != RankOf(right)) return RankOf(left) <=> RankOf(right);
  if (const std::optional<long double> number = WideNumber(left)) {
    const std::weak_ordering order = OrderOfNumbers(*number, *WideNumber(right));
    return order != 0 ? order : left.index() <=> right.index();
  }
  if (const auto* const text = std::get_if<std::string>(&left)) {
    return OrderOfSame(*text, std::get<std::string>(right));
  }
  if (const auto* const boolean = std::get_if<bool>(&left)) {
    return OrderOfSame(*boolean, std::get<bool>(right));
  }
  if (const auto* const status = std::get_if<traceql::SpanStatus>(&left)) {
    return OrderOfSame(*status, std::get<traceql::SpanStatus>(right));
  }
  return OrderOfSame(std::get<traceql::SpanKind>(left), std::get<traceql::SpanKind>(right));
}

}  // namespace

std::weak_ordering OrderOf(const FieldValue& left, const FieldValue& right) {
  const auto shape = [](const FieldValue& value) {
    return std::tuple(!value.present(), value.is_array);
  };
  if (shape(left) != shape(right)) return OrderOfSame(shape(left), shape(right));
  const size_t shared = std::min(left.values.size(), right.values.size());
  for (size_t i = 0; i < shared; ++i) {
    const std::weak_ordering order = OrderOf(left.values[i], right.values[i]);
    if (order != 0) return order;
  }
  return left.values.size() <=> right.values.size();
}

bool FieldValue::operator==(const FieldValue& other) const {
  return OrderOf(*this, other) == 0;
}

bool IsNaN(const FieldValue& value) {
  if (value.is_array || value.values.empty()) return false;
  const auto* const number = std::get_if<double>(&value.values.front());
  return number != nullptr && std::isnan(*number);
}

std::string TextOf(const FieldValue& value) {
  if (!value.present()) return "nil";
  if (!value.is_array) return traceql::Print(value.values.front());
  std::string text;
  for (const Static& element : value.values) {
    text.append(text.empty() ? "" : ", ").append(traceql::Print(element));
  }
  return "[" + text + "]";
}

}  // namespace clew::reference
