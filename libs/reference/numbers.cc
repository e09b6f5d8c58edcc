// SPDX-License-Identifier: Apache-2.0
// Division of integers by zero and overflow give nothing, as a missing attribute does, rather
// than an error: whether a query fails may not depend on which spans were looked at before
// there were enough results.
#include "reference/numbers.h"

#include <cmath>

namespace clew::reference {
namespace {

using traceql::BinaryOperator;
using traceql::Duration;
using traceql::Static;

std::optional<int64_t> Divide(int64_t left, int64_t right) {
  if (right == 0 || (left == INT64_MIN && right == -1)) return std::nullopt;
  return left / right;
}

std::optional<int64_t> Modulo(int64_t left, int64_t right) {
  if (right == 0) return std::nullopt;
  return right == -1 ? 0 : left % right;
}

std::optional<int64_t> Multiply(int64_t left, int64_t right) {
  int64_t result = 0;
  if (__builtin_mul_overflow(left, right, &result)) return std::nullopt;
  return result;
}

// base ^ -n is 1 / base ^ n, divided as integers are.
std::optional<int64_t> Power(int64_t base, int64_t exponent) {
  if (exponent < 0) {
    if (base == 1) return 1;
    if (base == -1) return exponent % 2 == 0 ? 1 : -1;
    return Divide(1, base);
  }
  std::optional<int64_t> result = 1;
  // 0, 1 and -1 would go on for as long as the exponent is large.
  if (base == 0 || base == 1) return exponent == 0 ? 1 : base;
  if (base == -1) return exponent % 2 == 0 ? 1 : -1;
  for (int64_t i = 0; i < exponent && result; ++i) result = Multiply(*result, base);
  return result;
}

std::optional<int64_t> ComputeWhole(BinaryOperator op, int64_t left, int64_t right) {
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
      return Modulo(left, right);
    case BinaryOperator::kPower:
      return Power(left, right);
    default:
      return std::nullopt;
  }
}

std::optional<double> ComputeFloat(BinaryOperator op, double left, double right) {
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

bool IsDuration(const Static& value) {
  return std::holds_alternative<Duration>(value);
}

}  // namespace

std::optional<int64_t> WholeOf(const Static& value) {
  if (const auto* const integer = std::get_if<int64_t>(&value)) return *integer;
  if (const auto* const duration = std::get_if<Duration>(&value)) return duration->ns;
  return std::nullopt;
}

std::optional<double> NumberOf(const Static& value) {
  if (const auto* const number = std::get_if<double>(&value)) return *number;
  const std::optional<int64_t> whole = WholeOf(value);
  if (!whole) return std::nullopt;
  return static_cast<double>(*whole);
}

std::optional<double> SampleOf(const Static& value) {
  const std::optional<double> number = NumberOf(value);
  return number && IsDuration(value) ? *number / 1e9 : number;
}

std::optional<Static> Compute(BinaryOperator op, const Static& left, const Static& right) {
  const std::optional<int64_t> whole_left = WholeOf(left);
  const std::optional<int64_t> whole_right = WholeOf(right);
  if (whole_left && whole_right) {
    const std::optional<int64_t> result = ComputeWhole(op, *whole_left, *whole_right);
    if (!result) return std::nullopt;
    if (IsDuration(left) || IsDuration(right)) return Duration{*result};
    return *result;
  }
  const std::optional<double> number_left = NumberOf(left);
  const std::optional<double> number_right = NumberOf(right);
  if (!number_left || !number_right) return std::nullopt;
  const std::optional<double> result = ComputeFloat(op, *number_left, *number_right);
  if (!result) return std::nullopt;
  return *result;
}

std::optional<Static> Negate(const Static& value) {
  if (const auto* const number = std::get_if<double>(&value)) return -*number;
  return Compute(BinaryOperator::kSubtract, int64_t{0}, value);
}

}  // namespace clew::reference
