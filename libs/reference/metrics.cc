// SPDX-License-Identifier: Apache-2.0
#include "reference/metrics.h"

#include <optional>
#include <string>
#include <utility>

#include "reference/compare_function.h"
#include "reference/exemplars.h"
#include "reference/pipeline_evaluator.h"
#include "reference/range_function.h"
#include "reference/scalar_evaluator.h"
#include "reference/second_stages.h"
#include "reference/series_maths.h"
#include "traceql/print.h"
#include "traceql/words.h"

namespace clew::reference {
namespace {

using traceql::MetricsExpr;
using traceql::MetricsQuery;

std::string NameOf(const MetricsQuery& query) {
  const auto* const aggregate = std::get_if<traceql::MetricsAggregate>(&query.function);
  return aggregate == nullptr ? "compare" : std::string(traceql::TextOf(aggregate->function));
}

class MetricsEvaluator {
 public:
  MetricsEvaluator(const std::vector<AssembledTrace>& traces, const TimeAxis& axis)
      : traces_(traces), axis_(axis) {}

  base::Result<MathsOperand> Evaluate(const MetricsExpr& expr) {
    MathsOperand operand = TRY(EvaluateNode(expr));
    if (auto* const series = std::get_if<std::vector<Series>>(&operand.value)) {
      for (const traceql::SecondStage& stage : expr.second_stages) {
        ApplySecondStage(stage, *series);
      }
      Arrange(*series);
    }
    return operand;
  }

 private:
  base::Result<MathsOperand> EvaluateNode(const MetricsExpr& expr) {
    if (const auto* const constant = std::get_if<traceql::ScalarExpr>(&expr.node)) {
      const std::optional<traceql::Static> value = ValueOfConstant(*constant);
      return MathsOperand{.name = traceql::Print(value.value_or(traceql::Nil{})), .value = value};
    }
    if (const auto* const binary = std::get_if<traceql::MetricsBinary>(&expr.node)) {
      const MathsOperand left = TRY(Evaluate(*binary->left));
      const MathsOperand right = TRY(Evaluate(*binary->right));
      return Compute(binary->op, left, right);
    }
    const auto& query = std::get<MetricsQuery>(expr.node);
    std::vector<Series> series = TRY(Run(query));
    return MathsOperand{.name = NameOf(query), .value = std::move(series)};
  }

  base::Result<std::vector<Series>> Run(const MetricsQuery& query) {
    const Matches matches = TRY(pipelines_.Run(query.pipeline, InitialMatches(traces_)));
    std::vector<SpanInTrace> spans;
    for (const TraceMatch& match : matches) {
      for (const Spanset& spanset : match.spansets) {
        for (const size_t place : spanset.spans) spans.push_back({match.trace, place});
      }
    }
    if (const auto* const compare = std::get_if<traceql::Compare>(&query.function)) {
      return RunCompare(*compare, spans, axis_, pipelines_.fields());
    }
    return RunRangeFunction(query, spans, axis_, pipelines_.fields());
  }

  const std::vector<AssembledTrace>& traces_;
  const TimeAxis& axis_;
  PipelineEvaluator pipelines_;
};

// with(exemplars=…) wins over what is asked for beside the query.
size_t ExemplarBudget(const traceql::Query& query, size_t asked_for) {
  for (const traceql::Hint& hint : query.hints) {
    if (hint.name != "exemplars") continue;
    const auto* const wanted = std::get_if<bool>(&hint.value);
    const auto* const count = std::get_if<int64_t>(&hint.value);
    if (wanted != nullptr && !*wanted) return 0;
    if (count != nullptr && *count >= 0) return static_cast<size_t>(*count);
  }
  return asked_for;
}

}  // namespace

base::Result<MetricsAnswer> EvaluateMetrics(const traceql::Query& query,
                                            const std::vector<Trace>& traces,
                                            const MetricsOptions& options) {
  const auto* const root = std::get_if<MetricsExpr>(&query.root);
  if (root == nullptr) {
    return base::Error{base::ErrorCode::kInvalidArgument, "a query for traces gives no series"};
  }
  const TimeAxis axis = TimeAxis::Of(options);
  std::vector<AssembledTrace> assembled;
  for (const Trace& trace : traces) {
    std::optional<AssembledTrace> one = Assemble(trace, axis.range());
    if (one) assembled.push_back(*std::move(one));
  }
  MathsOperand operand = TRY(MetricsEvaluator(assembled, axis).Evaluate(*root));
  MetricsAnswer answer{.timestamps_ns = axis.Timestamps(), .series = {}};
  if (auto* const series = std::get_if<std::vector<Series>>(&operand.value)) {
    answer.series = std::move(*series);
  }
  LimitExemplars(answer.series, options.instant ? 0 : ExemplarBudget(query, options.exemplars));
  return answer;
}

}  // namespace clew::reference
