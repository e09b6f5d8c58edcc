// SPDX-License-Identifier: Apache-2.0
#include "traceql/token_operators.h"

namespace clew::traceql {

std::optional<BinaryOperator> BinaryOperatorOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kAdd:
      return BinaryOperator::kAdd;
    case TokenKind::kSubtract:
      return BinaryOperator::kSubtract;
    case TokenKind::kMultiply:
      return BinaryOperator::kMultiply;
    case TokenKind::kDivide:
      return BinaryOperator::kDivide;
    case TokenKind::kModulo:
      return BinaryOperator::kModulo;
    case TokenKind::kPower:
      return BinaryOperator::kPower;
    case TokenKind::kEqual:
      return BinaryOperator::kEqual;
    case TokenKind::kNotEqual:
      return BinaryOperator::kNotEqual;
    case TokenKind::kLess:
      return BinaryOperator::kLess;
    case TokenKind::kLessOrEqual:
      return BinaryOperator::kLessOrEqual;
    case TokenKind::kGreater:
      return BinaryOperator::kGreater;
    case TokenKind::kGreaterOrEqual:
      return BinaryOperator::kGreaterOrEqual;
    case TokenKind::kMatch:
      return BinaryOperator::kMatch;
    case TokenKind::kNotMatch:
      return BinaryOperator::kNotMatch;
    default:
      return std::nullopt;
  }
}

std::optional<LogicalOperator> LogicalOperatorOf(TokenKind kind) {
  if (kind == TokenKind::kAnd) return LogicalOperator::kAnd;
  if (kind == TokenKind::kOr) return LogicalOperator::kOr;
  return std::nullopt;
}

std::optional<SpansetOperator> SpansetOperatorOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kAnd:
      return SpansetOperator{Relation::kAnd};
    case TokenKind::kOr:
      return SpansetOperator{Relation::kOr};
    case TokenKind::kGreater:
      return SpansetOperator{Relation::kChild};
    case TokenKind::kLess:
      return SpansetOperator{Relation::kParent};
    case TokenKind::kDescendant:
      return SpansetOperator{Relation::kDescendant};
    case TokenKind::kAncestor:
      return SpansetOperator{Relation::kAncestor};
    case TokenKind::kTilde:
      return SpansetOperator{Relation::kSibling};
    case TokenKind::kNotChild:
      return SpansetOperator{Relation::kChild, RelationForm::kNegated};
    case TokenKind::kNotParent:
      return SpansetOperator{Relation::kParent, RelationForm::kNegated};
    case TokenKind::kNotDescendant:
      return SpansetOperator{Relation::kDescendant, RelationForm::kNegated};
    case TokenKind::kNotAncestor:
      return SpansetOperator{Relation::kAncestor, RelationForm::kNegated};
    case TokenKind::kNotMatch:
      return SpansetOperator{Relation::kSibling, RelationForm::kNegated};
    case TokenKind::kUnionChild:
      return SpansetOperator{Relation::kChild, RelationForm::kUnion};
    case TokenKind::kUnionParent:
      return SpansetOperator{Relation::kParent, RelationForm::kUnion};
    case TokenKind::kUnionDescendant:
      return SpansetOperator{Relation::kDescendant, RelationForm::kUnion};
    case TokenKind::kUnionAncestor:
      return SpansetOperator{Relation::kAncestor, RelationForm::kUnion};
    case TokenKind::kUnionSibling:
      return SpansetOperator{Relation::kSibling, RelationForm::kUnion};
    default:
      return std::nullopt;
  }
}

}  // namespace clew::traceql
