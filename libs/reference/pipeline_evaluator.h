// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "reference/field_evaluator.h"
#include "reference/spanset.h"
#include "reference/spanset_operators.h"
#include "traceql/ast.h"

namespace clew::reference {

// All spans of the traces that are asked for, newest trace first: what every pipeline begins
// with. Borrows the traces.
Matches InitialMatches(const std::vector<AssembledTrace>& traces);

// Runs a pipeline over traces, stage after stage.
class PipelineEvaluator {
 public:
  // The second stage sees what the first has left, and so on.
  base::Result<Matches> Run(const traceql::SpansetPipeline& pipeline, Matches matches);

  FieldEvaluator& fields() { return fields_; }

 private:
  base::Result<Matches> Apply(const traceql::SpansetExpr& stage, Matches matches);
  base::Result<Matches> Apply(const traceql::ScalarFilter& stage, Matches matches);
  base::Result<Matches> Apply(const traceql::GroupBy& stage, Matches matches);
  base::Result<Matches> Apply(const traceql::Coalesce& stage, Matches matches);
  base::Result<Matches> Apply(const traceql::Select& stage, Matches matches);
  base::Result<Matches> Apply(const traceql::Sort& stage, Matches matches);
  base::Result<Matches> Apply(const traceql::Limit& stage, Matches matches);

  // Those of `spans` that the expression selects.
  Places Select(const traceql::SpansetExpr& expr, const AssembledTrace& trace, const Places& spans);
  bool NoSpanMatches(const traceql::SpansetFilter& filter, const AssembledTrace& trace);
  // An expression with pipelines of their own, each of which begins with `matches`.
  base::Result<Matches> RunPipelines(const traceql::SpansetExpr& expr, const Matches& matches);
  // Splits one spanset into one for each value of the expression, in the order of values.
  std::vector<Spanset> Split(const traceql::GroupBy& stage, const AssembledTrace& trace,
                             const Spanset& spanset);
  // What a span is sorted by; NaN counts as missing.
  FieldValue SortKey(const traceql::Sort& sort, const SpanInTrace& span);

  FieldEvaluator fields_;
};

}  // namespace clew::reference
