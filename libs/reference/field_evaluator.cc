// SPDX-License-Identifier: Apache-2.0
#include "reference/field_evaluator.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "reference/numbers.h"

namespace clew::reference {
namespace {

using traceql::BinaryOperator;
using traceql::FieldBinary;
using traceql::FieldExpr;
using traceql::FieldLogical;
using traceql::FieldUnary;
using traceql::Intrinsic;
using traceql::LogicalOperator;
using traceql::Static;

FieldValue FromOptional(std::optional<Static> value) {
  return value ? FieldValue::Of(*std::move(value)) : FieldValue{};
}

// The one value that arithmetic can take; null when it is missing or an array.
const Static* OperandOf(const FieldValue& value) {
  return value.is_array || value.values.empty() ? nullptr : &value.values.front();
}

bool IsNil(const FieldExpr& expr) {
  const auto* const value = std::get_if<Static>(&expr.node);
  return value != nullptr && std::holds_alternative<traceql::Nil>(*value);
}

bool IsTraceId(const FieldExpr& expr) {
  const auto* const intrinsic = std::get_if<Intrinsic>(&expr.node);
  return intrinsic != nullptr && *intrinsic == Intrinsic::kTraceId;
}

// A literal beside trace:id may have the zeros that ids are written without.
FieldValue AsTraceId(FieldValue value, const FieldExpr& expr) {
  if (!std::holds_alternative<Static>(expr.node)) return value;
  auto* const text = value.values.empty() ? nullptr : std::get_if<std::string>(&value.values[0]);
  if (text != nullptr) *text = WithoutLeadingZeros(std::move(*text));
  return value;
}

}  // namespace

FieldValue FieldEvaluator::Evaluate(const FieldExpr& expr, const SpanInTrace& span) {
  if (const auto* const value = std::get_if<Static>(&expr.node)) {
    return IsNil(expr) ? FieldValue{} : FieldValue::Of(*value);
  }
  if (const auto* const attribute = std::get_if<traceql::Attribute>(&expr.node)) {
    return ValueOf(*attribute, span);
  }
  if (const auto* const intrinsic = std::get_if<Intrinsic>(&expr.node)) {
    return ValueOf(*intrinsic, span);
  }
  if (const auto* const unary = std::get_if<FieldUnary>(&expr.node)) {
    return Evaluate(*unary, span);
  }
  if (const auto* const binary = std::get_if<FieldBinary>(&expr.node)) {
    return Evaluate(*binary, span);
  }
  return Evaluate(std::get<FieldLogical>(expr.node), span);
}

// !x is x != true, so it is false when x is missing.
FieldValue FieldEvaluator::Evaluate(const FieldUnary& unary, const SpanInTrace& span) {
  const FieldValue operand = Evaluate(*unary.operand, span);
  if (unary.op == traceql::UnaryOperator::kNot) {
    return FieldValue::Of(
        comparer_.Compare(BinaryOperator::kNotEqual, operand, FieldValue::Of(true)));
  }
  const Static* const number = OperandOf(operand);
  return number == nullptr ? FieldValue{} : FromOptional(Negate(*number));
}

FieldValue FieldEvaluator::Evaluate(const FieldBinary& binary, const SpanInTrace& span) {
  if (traceql::IsComparison(binary.op)) return FieldValue::Of(Compare(binary, span));
  const FieldValue left = Evaluate(*binary.left, span);
  const FieldValue right = Evaluate(*binary.right, span);
  const Static* const first = OperandOf(left);
  const Static* const second = OperandOf(right);
  if (first == nullptr || second == nullptr) return {};
  return FromOptional(Compute(binary.op, *first, *second));
}

bool FieldEvaluator::Compare(const FieldBinary& binary, const SpanInTrace& span) {
  FieldValue left = Evaluate(*binary.left, span);
  FieldValue right = Evaluate(*binary.right, span);
  if (IsNil(*binary.left) || IsNil(*binary.right)) {
    const bool absent = !left.present() && !right.present();
    return binary.op == BinaryOperator::kEqual ? absent
                                               : binary.op == BinaryOperator::kNotEqual && !absent;
  }
  const bool regex = binary.op == BinaryOperator::kMatch || binary.op == BinaryOperator::kNotMatch;
  if (IsTraceId(*binary.left) && !regex) right = AsTraceId(std::move(right), *binary.right);
  if (IsTraceId(*binary.right) && !regex) left = AsTraceId(std::move(left), *binary.left);
  return comparer_.Compare(binary.op, left, right);
}

FieldValue FieldEvaluator::Evaluate(const FieldLogical& logical, const SpanInTrace& span) {
  const auto is_true = [&](const FieldExpr& operand) { return IsTrue(operand, span); };
  const bool result = logical.op == LogicalOperator::kAnd
                          ? std::ranges::all_of(logical.operands, is_true)
                          : std::ranges::any_of(logical.operands, is_true);
  return FieldValue::Of(result);
}

bool FieldEvaluator::IsTrue(const FieldExpr& expr, const SpanInTrace& span) {
  return comparer_.Compare(BinaryOperator::kEqual, Evaluate(expr, span), FieldValue::Of(true));
}

bool FieldEvaluator::Matches(const traceql::SpansetFilter& filter, const SpanInTrace& span) {
  return !filter.expr || IsTrue(*filter.expr, span);
}

}  // namespace clew::reference
