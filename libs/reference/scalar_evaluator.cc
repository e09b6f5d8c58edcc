// SPDX-License-Identifier: Apache-2.0
#include "reference/scalar_evaluator.h"

#include "reference/numbers.h"
#include "reference/tally.h"
#include "traceql/print.h"

namespace clew::reference {
namespace {

using traceql::Aggregate;
using traceql::AggregateFunction;
using traceql::ScalarBinary;
using traceql::ScalarExpr;
using traceql::Static;

std::optional<Static> ResultOf(AggregateFunction function, const Tally& tally) {
  switch (function) {
    case AggregateFunction::kMin:
      return tally.Min();
    case AggregateFunction::kMax:
      return tally.Max();
    case AggregateFunction::kAvg:
      return tally.Mean();
    case AggregateFunction::kSum:
      return tally.Sum();
    case AggregateFunction::kCount:
      break;
  }
  return std::nullopt;
}

std::optional<Static> Computed(const ScalarBinary& binary, const std::optional<Static>& left,
                               const std::optional<Static>& right) {
  if (!left || !right) return std::nullopt;
  return Compute(binary.op, *left, *right);
}

}  // namespace

std::optional<Static> ValueOfConstant(const ScalarExpr& expr) {
  if (const auto* const value = std::get_if<Static>(&expr.node)) return *value;
  const auto* const binary = std::get_if<ScalarBinary>(&expr.node);
  if (binary == nullptr) return std::nullopt;
  return Computed(*binary, ValueOfConstant(*binary->left), ValueOfConstant(*binary->right));
}

std::optional<Static> ScalarEvaluator::Evaluate(const Aggregate& aggregate, Spanset& spanset) {
  std::optional<Static> result;
  if (aggregate.function == AggregateFunction::kCount) {
    result = static_cast<int64_t>(spanset.spans.size());
  } else {
    Tally tally;
    for (const size_t place : spanset.spans) {
      tally.Add(fields_.Evaluate(*aggregate.field, {&trace_, place}));
    }
    result = ResultOf(aggregate.function, tally);
  }
  if (result) SetValue(spanset.values, {traceql::Print(aggregate), FieldValue::Of(*result)});
  return result;
}

std::optional<Static> ScalarEvaluator::Evaluate(const ScalarExpr& expr, Spanset& spanset) {
  if (const auto* const aggregate = std::get_if<Aggregate>(&expr.node)) {
    return Evaluate(*aggregate, spanset);
  }
  if (const auto* const binary = std::get_if<ScalarBinary>(&expr.node)) {
    const std::optional<Static> left = Evaluate(*binary->left, spanset);
    const std::optional<Static> right = Evaluate(*binary->right, spanset);
    return Computed(*binary, left, right);
  }
  return ValueOfConstant(expr);
}

bool ScalarEvaluator::Keeps(const traceql::ScalarFilter& filter, Spanset& spanset) {
  const std::optional<Static> left = Evaluate(filter.left, spanset);
  const std::optional<Static> right = Evaluate(filter.right, spanset);
  return left && right && fields_.comparer().Compare(filter.op, *left, *right);
}

}  // namespace clew::reference
