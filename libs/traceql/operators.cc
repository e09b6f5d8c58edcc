// SPDX-License-Identifier: Apache-2.0
#include "traceql/operators.h"

#include <array>
#include <cstddef>

namespace clew::traceql {

Precedence PrecedenceOf(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kAdd:
    case BinaryOperator::kSubtract:
      return Precedence::kSum;
    case BinaryOperator::kMultiply:
    case BinaryOperator::kDivide:
    case BinaryOperator::kModulo:
      return Precedence::kProduct;
    case BinaryOperator::kPower:
      return Precedence::kPower;
    case BinaryOperator::kEqual:
    case BinaryOperator::kNotEqual:
    case BinaryOperator::kLess:
    case BinaryOperator::kLessOrEqual:
    case BinaryOperator::kGreater:
    case BinaryOperator::kGreaterOrEqual:
    case BinaryOperator::kMatch:
    case BinaryOperator::kNotMatch:
      return Precedence::kComparison;
  }
  return Precedence::kNone;
}

Precedence PrecedenceOf(UnaryOperator op) {
  return op == UnaryOperator::kNot ? Precedence::kNot : Precedence::kNegate;
}

Precedence PrecedenceOf(SpansetOperator op) {
  const bool logical = op.relation == Relation::kAnd || op.relation == Relation::kOr;
  return logical ? Precedence::kLogical : Precedence::kComparison;
}

Precedence Tighter(Precedence precedence) {
  return static_cast<Precedence>(static_cast<uint8_t>(precedence) + 1);
}

bool IsComparison(BinaryOperator op) {
  return PrecedenceOf(op) == Precedence::kComparison;
}

std::string_view TextOf(BinaryOperator op) {
  static constexpr std::array<std::string_view, 14> kTexts = {
      "+", "-", "*", "/", "%", "^", "=", "!=", "<", "<=", ">", ">=", "=~", "!~"};
  return kTexts[static_cast<size_t>(op)];
}

std::string_view TextOf(UnaryOperator op) {
  return op == UnaryOperator::kNot ? "!" : "-";
}

std::string_view TextOf(LogicalOperator op) {
  return op == LogicalOperator::kAnd ? "&&" : "||";
}

std::string_view TextOf(SpansetOperator op) {
  static constexpr std::array<std::array<std::string_view, 3>, 7> kTexts = {{{"&&", "&&", "&&"},
                                                                             {"||", "||", "||"},
                                                                             {">", "!>", "&>"},
                                                                             {"<", "!<", "&<"},
                                                                             {">>", "!>>", "&>>"},
                                                                             {"<<", "!<<", "&<<"},
                                                                             {"~", "!~", "&~"}}};
  return kTexts[static_cast<size_t>(op.relation)][static_cast<size_t>(op.form)];
}

}  // namespace clew::traceql
