// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

// The operators, how they are written and how tightly they bind. The parser and the
// printer share these, so that what one writes the other reads.
namespace clew::traceql {

enum class BinaryOperator : uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kMatch,     // =~
  kNotMatch,  // !~
};

enum class UnaryOperator : uint8_t { kNegate, kNot };

enum class LogicalOperator : uint8_t { kAnd, kOr };

// How a span of the right side must stand to one of the left side: as its child (>),
// parent (<), descendant (>>), ancestor (<<) or sibling (~). kAnd and kOr combine whole
// spansets.
enum class Relation : uint8_t { kAnd, kOr, kChild, kParent, kDescendant, kAncestor, kSibling };

// kNegated (!>): spans of the right side that stand so to none of the left. kUnion (&>):
// the spans of both sides that do. kAnd and kOr are always plain.
enum class RelationForm : uint8_t { kPlain, kNegated, kUnion };

struct SpansetOperator {
  Relation relation = Relation::kAnd;
  RelationForm form = RelationForm::kPlain;
  bool operator==(const SpansetOperator&) const = default;
};

// From loose to tight. All but kPower group to the left. Not `&&` before `||`: they share
// a level, as in Tempo.
enum class Precedence : uint8_t {
  kNone,
  kLogical,
  kComparison,  // and the structural operators
  kSum,
  kNot,
  kProduct,
  kPower,
  kNegate,
  kOperand,
};

Precedence PrecedenceOf(BinaryOperator op);
Precedence PrecedenceOf(UnaryOperator op);
Precedence PrecedenceOf(SpansetOperator op);
// What an operand on the right of a left-grouping operator must bind as tightly as.
Precedence Tighter(Precedence precedence);
bool IsComparison(BinaryOperator op);

std::string_view TextOf(BinaryOperator op);
std::string_view TextOf(UnaryOperator op);
std::string_view TextOf(LogicalOperator op);
std::string_view TextOf(SpansetOperator op);

}  // namespace clew::traceql
