// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "query/eval/field_set.h"
#include "query/eval/spanset.h"
#include "query/eval/trace_view.h"
#include "traceql/ast.h"

namespace clew::query {

// What a pipeline makes of one trace.
struct PipelineOutcome {
  std::vector<Spanset> spansets;  // none is empty
  // By the sort() stages that it came to: what the trace is ordered by; none: it goes last.
  std::vector<AnswerAttribute> sort_keys{};
  size_t limits_reached = 0;  // limit() stages that it came to
};

// kInvalidArgument when a spanset operator of the pipeline would be given several spansets of
// a trace, as by() leaves them.
base::Status CheckSpansetOperators(const traceql::SpansetPipeline& pipeline);

// Evaluates pipelines over traces whose spans lie in one source. Of a trace its selected
// spans go in. limit() is not applied, being about all traces. Errors are those of the source. One
// thread.
class PipelineEvaluator {
 public:
  // `fields` outlives it.
  explicit PipelineEvaluator(FieldSet& fields) : fields_(fields) {}

  base::Result<PipelineOutcome> Evaluate(const traceql::SpansetPipeline& pipeline,
                                         const TraceView& trace);

 private:
  using Spansets = std::vector<Spanset>;

  base::Result<PipelineOutcome> Run(const traceql::SpansetPipeline& pipeline, Spansets input,
                                    const TraceView& trace);

  base::Result<Spansets> RunStage(const traceql::SpansetExpr& stage, Spansets input,
                                  PipelineOutcome& outcome, const TraceView& trace);
  base::Result<Spansets> RunStage(const traceql::ScalarFilter& stage, Spansets input,
                                  PipelineOutcome& outcome, const TraceView& trace);
  base::Result<Spansets> RunStage(const traceql::GroupBy& stage, const Spansets& input,
                                  PipelineOutcome& outcome, const TraceView& trace);
  base::Result<Spansets> RunStage(const traceql::Coalesce& stage, const Spansets& input,
                                  PipelineOutcome& outcome, const TraceView& trace);
  base::Result<Spansets> RunStage(const traceql::Select& stage, Spansets input,
                                  PipelineOutcome& outcome, const TraceView& trace);
  base::Result<Spansets> RunStage(const traceql::Sort& stage, Spansets input,
                                  PipelineOutcome& outcome, const TraceView& trace);
  base::Result<Spansets> RunStage(const traceql::Limit& stage, Spansets input,
                                  PipelineOutcome& outcome, const TraceView& trace);

  base::Result<Spansets> Take(const traceql::SpansetExpr& expr, const Spanset& input,
                              const TraceView& trace);
  base::Result<Spansets> TakeNode(const traceql::SpansetFilter& filter, const Spanset& input,
                                  const TraceView& trace);
  base::Result<Spansets> TakeNode(const traceql::NoneFilter& none, const Spanset& input,
                                  const TraceView& trace);
  base::Result<Spansets> TakeNode(const traceql::SpansetBinary& binary, const Spanset& input,
                                  const TraceView& trace);
  base::Result<Spansets> TakeNode(const std::unique_ptr<traceql::SpansetPipeline>& pipeline,
                                  const Spanset& input, const TraceView& trace);

  // What a scalar is for a spanset, which gets the aggregates as attributes. Nil: there is no
  // value.
  base::Result<Scalar> ValueOf(const traceql::ScalarExpr& expr, Spanset& spanset,
                               const TraceView& trace);
  base::Result<Scalar> AggregateOf(const traceql::Aggregate& aggregate, Spanset& spanset,
                                   const TraceView& trace);

  FieldSet& fields_;
};

}  // namespace clew::query
