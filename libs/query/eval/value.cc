// SPDX-License-Identifier: Apache-2.0
#include "query/eval/value.h"

#include <cmath>
#include <limits>
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

// The value of an integer or a duration.
std::optional<int64_t> WholeOf(const Scalar& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) return *whole;
  if (const auto* duration = std::get_if<Duration>(&value)) return duration->ns;
  return std::nullopt;
}

// Two's complement, as the processor does it.
int64_t Wrapped(uint64_t value) {
  return static_cast<int64_t>(value);
}

int64_t WholePower(int64_t base, int64_t exponent) {
  const double power = std::pow(static_cast<double>(base), static_cast<double>(exponent));
  if (!(power < 9.2e18)) return std::numeric_limits<int64_t>::max();
  if (power < -9.2e18) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(power);
}

std::optional<int64_t> CalculateWhole(BinaryOperator op, int64_t left, int64_t right) {
  const auto a = static_cast<uint64_t>(left);
  const auto b = static_cast<uint64_t>(right);
  switch (op) {
    case BinaryOperator::kAdd:
      return Wrapped(a + b);
    case BinaryOperator::kSubtract:
      return Wrapped(a - b);
    case BinaryOperator::kMultiply:
      return Wrapped(a * b);
    case BinaryOperator::kDivide:
      if (right == 0) return std::nullopt;
      return right == -1 ? Wrapped(0 - a) : left / right;
    case BinaryOperator::kModulo:
      if (right == 0) return std::nullopt;
      return right == -1 ? 0 : left % right;
    case BinaryOperator::kPower:
      return WholePower(left, right);
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

}  // namespace

void Value::Add(const Scalar& value) {
  if (std::holds_alternative<Nil>(value)) return;
  if (is_nil()) {
    scalar = value;
    return;
  }
  if (elements.empty()) elements.push_back(scalar);
  elements.push_back(value);
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
  if (value.type != Type::kArray) return {.scalar = ElementOf(value)};
  Value array;
  if (!store::ArrayTypeOf(value.text)) return array;
  for (const model::ValueView& element : store::ElementsOf(value.text)) {
    array.Add(ElementOf(element));
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
  if (const auto* whole = std::get_if<int64_t>(&value)) {
    return Wrapped(0 - static_cast<uint64_t>(*whole));
  }
  if (const auto* number = std::get_if<double>(&value)) return -*number;
  if (const auto* duration = std::get_if<Duration>(&value)) {
    return Duration{Wrapped(0 - static_cast<uint64_t>(duration->ns))};
  }
  return Nil();
}

bool IsLess(const Scalar& left, const Scalar& right) {
  const auto x = NumberOf(left);
  const auto y = NumberOf(right);
  if (x && y) {
    if (std::isnan(*x) || std::isnan(*y)) {
      if (std::isnan(*x) != std::isnan(*y)) return std::isnan(*x);
    } else if (*x != *y) {
      return *x < *y;
    }
  }
  if (left.index() != right.index()) return left.index() < right.index();
  return std::visit(
      [&](const auto& a) {
        using T = std::decay_t<decltype(a)>;
        const T& b = std::get<T>(right);
        if constexpr (std::is_same_v<T, Nil> || std::is_same_v<T, double>) {
          return false;
        } else if constexpr (std::is_same_v<T, Duration>) {
          return a.ns < b.ns;
        } else {
          return a < b;
        }
      },
      left);
}

}  // namespace clew::query
