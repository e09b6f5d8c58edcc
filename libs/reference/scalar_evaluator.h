// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "reference/field_evaluator.h"
#include "reference/spanset.h"
#include "traceql/ast.h"

namespace clew::reference {

// A number without aggregates: `2 * 3`. Nothing as of Compute.
std::optional<traceql::Static> ValueOfConstant(const traceql::ScalarExpr& expr);

// Numbers of one spanset: aggregates and what is computed from them.
class ScalarEvaluator {
 public:
  ScalarEvaluator(FieldEvaluator& fields, const AssembledTrace& trace)
      : fields_(fields), trace_(trace) {}

  // Whether the filter holds. Notes the value of each of its aggregates in the spanset.
  bool Keeps(const traceql::ScalarFilter& filter, Spanset& spanset);

 private:
  std::optional<traceql::Static> Evaluate(const traceql::ScalarExpr& expr, Spanset& spanset);
  std::optional<traceql::Static> Evaluate(const traceql::Aggregate& aggregate, Spanset& spanset);

  FieldEvaluator& fields_;
  const AssembledTrace& trace_;
};

}  // namespace clew::reference
