// SPDX-License-Identifier: Apache-2.0
#include "traceql/types.h"

#include <array>
#include <cstddef>

namespace clew::traceql {

Type TypeOf(const Static& value) {
  // In the order of Static's alternatives.
  static constexpr std::array<Type, 8> kTypes = {Type::kNil,    Type::kInt,  Type::kFloat,
                                                 Type::kString, Type::kBool, Type::kDuration,
                                                 Type::kStatus, Type::kKind};
  return kTypes[value.index()];
}

bool MayBeNumber(Type type) {
  return type == Type::kAny || type == Type::kInt || type == Type::kFloat ||
         type == Type::kDuration;
}

bool MayBe(Type type, Type wanted) {
  return type == Type::kAny || type == wanted;
}

bool Agree(Type left, Type right) {
  if (left == right || left == Type::kAny || right == Type::kAny) return true;
  if (left == Type::kNil || right == Type::kNil) return true;
  return MayBeNumber(left) && MayBeNumber(right);
}

bool Takes(BinaryOperator op, Type type) {
  if (type == Type::kAny) return true;
  switch (op) {
    case BinaryOperator::kAdd:
    case BinaryOperator::kSubtract:
    case BinaryOperator::kMultiply:
    case BinaryOperator::kDivide:
    case BinaryOperator::kModulo:
    case BinaryOperator::kPower:
      return MayBeNumber(type);
    case BinaryOperator::kEqual:
    case BinaryOperator::kNotEqual:
      return true;
    case BinaryOperator::kLess:
    case BinaryOperator::kLessOrEqual:
    case BinaryOperator::kGreater:
    case BinaryOperator::kGreaterOrEqual:
      return MayBeNumber(type) || type == Type::kString;
    case BinaryOperator::kMatch:
    case BinaryOperator::kNotMatch:
      return type == Type::kString;
  }
  return false;
}

Type TypeOf(BinaryOperator op, Type left, Type right) {
  if (IsComparison(op)) return Type::kBool;
  if (left == right) return left;
  if (left == Type::kAny) return right;
  if (right == Type::kAny) return left;
  // Three kinds of number: a duration makes a duration of what it meets.
  return left == Type::kDuration || right == Type::kDuration ? Type::kDuration : Type::kFloat;
}

}  // namespace clew::traceql
