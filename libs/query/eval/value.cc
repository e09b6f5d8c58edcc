// SPDX-License-Identifier: Apache-2.0
#include "query/eval/value.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "store/array_value.h"

namespace clew::query {
namespace {

using traceql::BinaryOperator;
using Type = model::ValueView::Type;

template <typename T>
bool Holds(BinaryOperator op, const T& left, const T& right) {
  switch (op) {
    case BinaryOperator::kEqual:
      return left == right;
    case BinaryOperator::kNotEqual:
      return left != right;
    case BinaryOperator::kLess:
      return left < right;
    case BinaryOperator::kLessOrEqual:
      return left <= right;
    case BinaryOperator::kGreater:
      return left > right;
    case BinaryOperator::kGreaterOrEqual:
      return left >= right;
    default:
      return false;
  }
}

bool IsEquality(BinaryOperator op) {
  return op == BinaryOperator::kEqual || op == BinaryOperator::kNotEqual;
}

std::optional<int64_t> Divide(int64_t left, int64_t right) {
  if (right == 0 || (left == INT64_MIN && right == -1)) return std::nullopt;
  return left / right;
}

std::optional<int64_t> Multiply(int64_t left, int64_t right) {
  int64_t product = 0;
  if (__builtin_mul_overflow(left, right, &product)) return std::nullopt;
  return product;
}

// A negative power is 1 divided by the positive one, as integers are divided.
std::optional<int64_t> Power(int64_t base, int64_t exponent) {
  if (base == 1 || (base == 0 && exponent > 0)) return base;
  if (base == -1) return exponent % 2 == 0 ? 1 : -1;
  if (exponent < 0) return Divide(1, base);
  std::optional<int64_t> power = 1;  // it overflows before 64 factors
  for (int64_t i = 0; i < exponent && power; ++i) power = Multiply(*power, base);
  return power;
}

std::optional<int64_t> CalculateWhole(BinaryOperator op, int64_t left, int64_t right) {
  int64_t result = 0;
  switch (op) {
    case BinaryOperator::kAdd:
      if (__builtin_add_overflow(left, right, &result)) return std::nullopt;
      return result;
    case BinaryOperator::kSubtract:
      if (__builtin_sub_overflow(left, right, &result)) return std::nullopt;
      return result;
    case BinaryOperator::kMultiply:
      return Multiply(left, right);
    case BinaryOperator::kDivide:
      return Divide(left, right);
    case BinaryOperator::kModulo:
      if (right == 0) return std::nullopt;
      return right == -1 ? 0 : left % right;
    case BinaryOperator::kPower:
      return Power(left, right);
    default:
      return std::nullopt;
  }
}

std::optional<double> CalculateFloat(BinaryOperator op, double left, double right) {
  switch (op) {
    case BinaryOperator::kAdd:
      return left + right;
    case BinaryOperator::kSubtract:
      return left - right;
    case BinaryOperator::kMultiply:
      return left * right;
    case BinaryOperator::kDivide:
      return left / right;
    case BinaryOperator::kModulo:
      return std::fmod(left, right);
    case BinaryOperator::kPower:
      return std::pow(left, right);
    default:
      return std::nullopt;
  }
}

Scalar ElementOf(const model::ValueView& value) {
  switch (value.type) {
    case Type::kString:
      return value.text;
    case Type::kBool:
      return value.boolean;
    case Type::kInt:
      return value.integer;
    case Type::kDouble:
      return value.number;
    case Type::kEmpty:
    case Type::kArray:
    case Type::kKeyValueList:
    case Type::kBytes:
      return Nil();
  }
  return Nil();
}

// Wide enough for every whole number and every float.
std::optional<long double> WideNumberOf(const Scalar& value) {
  if (const auto whole = WholeOf(value)) return static_cast<long double>(*whole);
  if (const auto* number = std::get_if<double>(&value)) return static_cast<long double>(*number);
  return std::nullopt;
}

std::weak_ordering OrderOfNumbers(long double left, long double right) {
  if (std::isnan(left) || std::isnan(right)) return std::isnan(left) <=> std::isnan(right);
  if (left < right) return std::weak_ordering::less;
  return left > right ? std::weak_ordering::greater : std::weak_ordering::equivalent;
}

}  // namespace

void Value::Join(const Value& part) {
  if (part.is_nil()) return;
  if (is_nil() && !part.is_array) {
    scalar = part.scalar;
    return;
  }
  if (!is_nil() && !is_array) elements.push_back(scalar);
  is_array = true;
  part.ForEach([&](const Scalar& one) { elements.push_back(one); });
}

Scalar ScalarOf(const traceql::Static& value) {
  return std::visit([](const auto& held) { return Scalar(held); }, value);
}

traceql::Static StaticOf(const Scalar& value) {
  return std::visit(
      [](const auto& held) -> traceql::Static {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string_view>) {
          return std::string(held);
        } else {
          return held;
        }
      },
      value);
}

Value ValueOf(const model::ValueView& value) {
  if (value.type != Type::kArray) return Value::Of(ElementOf(value));
  Value array{.is_array = true};
  for (const model::ValueView& element : store::ElementsOf(value.text)) {
    const Scalar scalar = ElementOf(element);
    const bool alike = array.elements.empty() || array.elements.front().index() == scalar.index();
    if (!alike || std::holds_alternative<Nil>(scalar)) return {};
    array.elements.push_back(scalar);
  }
  return array;
}

SpanStatus StatusOf(int32_t otlp_code) {
  if (otlp_code == static_cast<int32_t>(model::StatusCode::kError)) return SpanStatus::kError;
  if (otlp_code == static_cast<int32_t>(model::StatusCode::kOk)) return SpanStatus::kOk;
  return SpanStatus::kUnset;
}

SpanKind KindOf(int32_t otlp_kind) {
  switch (static_cast<model::SpanKind>(otlp_kind)) {
    case model::SpanKind::kInternal:
      return SpanKind::kInternal;
    case model::SpanKind::kServer:
      return SpanKind::kServer;
    case model::SpanKind::kClient:
      return SpanKind::kClient;
    case model::SpanKind::kProducer:
      return SpanKind::kProducer;
    case model::SpanKind::kConsumer:
      return SpanKind::kConsumer;
    case model::SpanKind::kUnspecified:
      break;
  }
  return SpanKind::kUnspecified;
}

std::optional<int64_t> WholeOf(const Scalar& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) return *whole;
  if (const auto* duration = std::get_if<Duration>(&value)) return duration->ns;
  return std::nullopt;
}

bool IsNaN(const Scalar& value) {
  const auto* number = std::get_if<double>(&value);
  return number != nullptr && std::isnan(*number);
}

std::optional<double> NumberOf(const Scalar& value) {
  if (const auto whole = WholeOf(value)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

bool Compare(BinaryOperator op, const Scalar& left, const Scalar& right) {
  const auto a = WholeOf(left);
  const auto b = WholeOf(right);
  if (a && b) return Holds(op, *a, *b);
  const auto x = NumberOf(left);
  const auto y = NumberOf(right);
  if (x && y) return Holds(op, *x, *y);
  if (left.index() != right.index()) return false;
  if (const auto* text = std::get_if<std::string_view>(&left)) {
    return Holds(op, *text, std::get<std::string_view>(right));
  }
  // Truth, statuses and kinds have no order.
  return IsEquality(op) && (left == right) == (op == BinaryOperator::kEqual);
}

Scalar Calculate(BinaryOperator op, const Scalar& left, const Scalar& right) {
  const auto a = WholeOf(left);
  const auto b = WholeOf(right);
  const bool duration =
      std::holds_alternative<Duration>(left) || std::holds_alternative<Duration>(right);
  if (a && b) {
    const auto whole = CalculateWhole(op, *a, *b);
    if (!whole) return Nil();
    return duration ? Scalar(Duration{*whole}) : Scalar(*whole);
  }
  const auto x = NumberOf(left);
  const auto y = NumberOf(right);
  if (!x || !y) return Nil();
  const auto number = CalculateFloat(op, *x, *y);
  return number ? Scalar(*number) : Scalar(Nil());
}

Scalar Negate(const Scalar& value) {
  if (const auto* number = std::get_if<double>(&value)) return -*number;
  return Calculate(BinaryOperator::kSubtract, int64_t{0}, value);
}

std::weak_ordering OrderOf(const Scalar& left, const Scalar& right) {
  const auto x = WideNumberOf(left);
  const auto y = WideNumberOf(right);
  if (x.has_value() != y.has_value()) return y.has_value() <=> x.has_value();
  if (x) {
    const std::weak_ordering by_worth = OrderOfNumbers(*x, *y);
    return by_worth != 0 ? by_worth : left.index() <=> right.index();
  }
  if (left.index() != right.index()) return left.index() <=> right.index();
  return std::visit(
      [&](const auto& a) -> std::weak_ordering {
        using T = std::decay_t<decltype(a)>;
        if constexpr (std::is_same_v<T, std::string_view> || std::is_same_v<T, bool> ||
                      std::is_enum_v<T>) {
          return a <=> std::get<T>(right);
        } else {
          return std::weak_ordering::equivalent;
        }
      },
      left);
}

std::weak_ordering OrderOf(const Value& left, const Value& right) {
  if (left.is_nil() != right.is_nil()) return left.is_nil() <=> right.is_nil();
  if (left.is_array != right.is_array) return left.is_array <=> right.is_array;
  if (!left.is_array) return OrderOf(left.scalar, right.scalar);
  const size_t both = std::min(left.elements.size(), right.elements.size());
  for (size_t i = 0; i < both; ++i) {
    const std::weak_ordering order = OrderOf(left.elements[i], right.elements[i]);
    if (order != 0) return order;
  }
  return left.elements.size() <=> right.elements.size();
}

}  // namespace clew::query
