// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/metrics_query.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "query/metrics/compare_measure.h"
#include "query/metrics/range_measure.h"
#include "query/metrics/second_stages.h"
#include "query/metrics/series_maths.h"
#include "query/plan/metrics_plan.h"
#include "query/span_scan.h"
#include "traceql/print.h"
#include "traceql/words.h"

namespace clew::query {
namespace {

using traceql::MetricsExpr;

class MetricsRun {
 public:
  // What it runs on, all of which outlives it.
  struct Means {
    const store::Sources& sources;
    Regexes& regexes;
    MemoryBudget* memory;
    ScanThreads* threads;
    ProgressListener* progress;
  };
  MetricsRun(const Means& means, const MetricsPlan& plan, std::stop_token cancelled,
             LeftOut* left_out)
      : plan_(plan),
        sources_(means.sources),
        regexes_(means.regexes),
        memory_(means.memory),
        threads_(means.threads),
        progress_(means.progress),
        cancellation_(cancelled),
        left_out_(left_out),
        scan_(means.sources, plan.axis.range(), means.regexes, std::move(cancelled), left_out) {
    scan_.LimitMemory(memory_);
    scan_.Share(means.threads);
  }

  base::Result<MathsOperand> Evaluate(const MetricsExpr& expr) {
    MathsOperand operand =
        TRY(std::visit([this](const auto& node) { return EvaluateNode(node); }, expr.node));
    if (auto* series = std::get_if<std::vector<Series>>(&operand.value)) {
      for (const traceql::SecondStage& stage : expr.second_stages) {
        ApplySecondStage(stage, *series);
      }
      Arrange(*series, threads_);
    }
    return operand;
  }

  // Adds exemplars to the series that were evaluated.
  base::Status ShowExemplars(std::vector<Series>& series) {
    if (shown_ == nullptr) return {};
    return shown_->ShowExemplars({regexes_, cancellation_, left_out_}, plan_.exemplars, series);
  }

 private:
  base::Status Compare(const SelectionPlan& selection, CompareMeasure& measure) {
    const traceql::SpansetPipeline& pipeline = selection.query.pipeline;
    if (selection.spans != SelectionPlan::Spans::kRowsAndRoots) {
      ComparedSpans all(measure, &CompareMeasure::Add);
      return scan_.ScanTraces(pipeline, all);
    }
    ComparedSpans own(measure, &CompareMeasure::AddOwn);
    TRY(scan_.ScanRows(*selection.filter, own));
    ComparedSpans roots(measure, &CompareMeasure::AddRoot);
    return scan_.ScanTraces(measure.Kept(), pipeline, roots);
  }

  base::Result<MathsOperand> EvaluateNode(const traceql::ScalarExpr& constant) {
    const Scalar value = ValueOfConstant(constant);
    return MathsOperand{traceql::Print(StaticOf(value)), value};
  }

  base::Result<MathsOperand> EvaluateNode(const traceql::MetricsBinary& binary) {
    const MathsOperand left = TRY(Evaluate(*binary.left));
    const MathsOperand right = TRY(Evaluate(*binary.right));
    return Compute(binary.op, left, right);
  }

  base::Result<MathsOperand> EvaluateNode(const traceql::MetricsQuery& query) {
    StepProgress progress(progress_, evaluated_++, plan_.selections.size());
    scan_.Tell(&progress);
    MathsOperand operand = TRY(EvaluateQuery(query));
    scan_.Tell(nullptr);
    return operand;
  }

  base::Result<MathsOperand> EvaluateQuery(const traceql::MetricsQuery& query) {
    if (const auto* compare = std::get_if<traceql::Compare>(&query.function)) {
      CompareMeasure measure({*compare, plan_.axis, sources_, regexes_, memory_, threads_});
      TRY(Compare(plan_.SelectionOf(query), measure));
      return MathsOperand{"compare", measure.Take()};
    }
    const auto& aggregate = std::get<traceql::MetricsAggregate>(query.function);
    const SelectionPlan& selection = plan_.SelectionOf(query);
    // What is computed from series has no exemplars.
    const bool shows =
        plan_.exemplars > 0 && std::holds_alternative<traceql::MetricsQuery>(plan_.root.node);
    auto measure = std::make_unique<RangeMeasure>(RangeMeasure::Question{
        aggregate, plan_.axis, shows ? &selection.mentioned : nullptr, memory_, threads_});
    if (selection.spans == SelectionPlan::Spans::kRows) {
      TRY(scan_.ScanRows(*selection.filter, *measure));
    } else {
      TRY(scan_.ScanTraces(query.pipeline, MentionedKeys(query), *measure));
    }
    if (shows) shown_ = std::move(measure);
    std::vector<Series> series = (shows ? shown_ : measure)->Take();
    return MathsOperand{std::string(traceql::TextOf(aggregate.function)), std::move(series)};
  }

  const MetricsPlan& plan_;
  const store::Sources& sources_;
  Regexes& regexes_;
  MemoryBudget* const memory_;
  ScanThreads* const threads_;
  ProgressListener* const progress_;
  size_t evaluated_ = 0;  // queries of the plan
  Cancellation cancellation_;
  LeftOut* const left_out_;
  SpanScan scan_;
  std::unique_ptr<RangeMeasure> shown_;  // what exemplars are of
};

}  // namespace

base::Result<MetricsAnswer> RunMetrics(const store::Sources& sources, const traceql::Query& query,
                                       const MetricsOptions& options, std::stop_token cancelled,
                                       LeftOut* left_out) {
  Regexes regexes;
  const MetricsPlan plan = TRY(PlanMetrics(query, options, regexes));
  MetricsRun run({sources, regexes, options.memory, options.threads, options.progress}, plan,
                 std::move(cancelled), left_out);
  MathsOperand operand = TRY(run.Evaluate(plan.root));
  MetricsAnswer answer;
  for (size_t i = 0; i < plan.axis.interval_count(); ++i) {
    answer.timestamps.push_back(plan.axis.right_edge(i));
  }
  if (auto* series = std::get_if<std::vector<Series>>(&operand.value)) {
    TRY(run.ShowExemplars(*series));
    answer.series = std::move(*series);
  }
  return answer;
}

}  // namespace clew::query
