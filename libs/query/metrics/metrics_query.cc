// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/metrics_query.h"

#include <algorithm>
#include <string>
#include <utility>

#include "query/eval/mentioned_fields.h"
#include "query/eval/pipeline.h"
#include "query/metrics/compare_measure.h"
#include "query/metrics/range_measure.h"
#include "query/metrics/second_stages.h"
#include "query/metrics/series_maths.h"
#include "query/span_scan.h"
#include "traceql/print.h"
#include "traceql/words.h"

namespace clew::query {
namespace {

using traceql::MetricsExpr;

// Whether a query needs its spans only, and not their traces.
bool IsOfSpans(const traceql::SpansetFilter& filter, const traceql::MetricsAggregate& aggregate,
               const std::vector<MentionedField>& mentioned) {
  return (filter.expr == nullptr || IsOfSpan(*filter.expr)) &&
         (aggregate.field == nullptr || IsOfSpan(*aggregate.field)) &&
         std::ranges::all_of(aggregate.by, IsOfSpan) &&
         std::ranges::all_of(mentioned,
                             [](const MentionedField& field) { return IsOfSpan(*field.expr); });
}

class MetricsRun {
 public:
  // `exemplars`: how many are wanted, 0: none.
  MetricsRun(const store::Sources& sources, const MetricsOptions& options, size_t exemplars,
             std::stop_token cancelled, LeftOut* left_out)
      : axis_(options),
        exemplars_(exemplars),
        memory_(options.memory),
        scan_(sources, axis_.range(), regexes_, std::move(cancelled), left_out) {
    scan_.LimitMemory(memory_);
  }

  const TimeAxis& axis() const { return axis_; }

  base::Result<MathsOperand> Evaluate(const MetricsExpr& expr) {
    MathsOperand operand =
        TRY(std::visit([this](const auto& node) { return EvaluateNode(node); }, expr.node));
    if (auto* series = std::get_if<std::vector<Series>>(&operand.value)) {
      for (const traceql::SecondStage& stage : expr.second_stages) {
        ApplySecondStage(stage, *series);
      }
      Arrange(*series);
    }
    return operand;
  }

 private:
  // What spans say by themselves is counted row by row where that will do, and only what their
  // roots say trace by trace.
  base::Status Compare(const traceql::Compare& compare, const traceql::SpansetPipeline& pipeline,
                       CompareMeasure& measure) {
    using Part = CompareMeasure::Part;
    const traceql::SpansetFilter* const filter = OnlyFilter(pipeline);
    const traceql::FieldExpr* const selection = compare.selection.expr.get();
    const bool by_rows = filter != nullptr &&
                         (filter->expr == nullptr || IsOfSpan(*filter->expr)) &&
                         (selection == nullptr || IsOfSpan(*selection));
    if (by_rows) {
      ComparedSpans own(measure, {Part::kOwn});
      TRY(scan_.ScanRows(*filter, own));
      ComparedSpans of_root(measure, {Part::kOfRoot});
      return scan_.ScanTraces(pipeline, of_root);
    }
    ComparedSpans all(measure, {Part::kOwn, Part::kOfRoot});
    return scan_.ScanTraces(pipeline, all);
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
    TRY(CheckSpansetOperators(query.pipeline));
    if (const auto* compare = std::get_if<traceql::Compare>(&query.function)) {
      CompareMeasure measure(*compare, axis_, regexes_, memory_);
      TRY(Compare(*compare, query.pipeline, measure));
      return MathsOperand{"compare", measure.Take()};
    }
    const auto& aggregate = std::get<traceql::MetricsAggregate>(query.function);
    const std::vector<MentionedField> mentioned = MentionedFields(query);
    const auto measure =
        MakeRangeMeasure(aggregate, axis_, exemplars_ > 0 ? &mentioned : nullptr, memory_);
    const traceql::SpansetFilter* const filter = OnlyFilter(query.pipeline);
    if (filter != nullptr && IsOfSpans(*filter, aggregate, mentioned)) {
      TRY(scan_.ScanRows(*filter, *measure));
    } else {
      TRY(scan_.ScanTraces(query.pipeline, *measure));
    }
    return MathsOperand{std::string(traceql::TextOf(aggregate.function)), measure->Take()};
  }

  const TimeAxis axis_;
  const size_t exemplars_;
  MemoryBudget* const memory_;
  Regexes regexes_;
  SpanScan scan_;
};

// with(exemplars=…) goes before what is asked for beside the query.
size_t ExemplarsOf(const traceql::Query& query, const MetricsOptions& options) {
  if (options.instant) return 0;
  for (const traceql::Hint& hint : query.hints) {
    if (hint.name != "exemplars") continue;
    const bool* const wanted = std::get_if<bool>(&hint.value);
    const int64_t* const count = std::get_if<int64_t>(&hint.value);
    if (wanted != nullptr && !*wanted) return 0;
    if (count != nullptr && *count >= 0) return static_cast<size_t>(*count);
  }
  return options.exemplars;
}

}  // namespace

base::Result<MetricsAnswer> RunMetrics(const store::Sources& sources, const traceql::Query& query,
                                       const MetricsOptions& options, std::stop_token cancelled,
                                       LeftOut* left_out) {
  const auto* const root = std::get_if<MetricsExpr>(&query.root);
  if (root == nullptr) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "it selects traces, which a search does; numbers over time end in a "
                       "function, as in { } | rate()"};
  }
  const size_t exemplars = ExemplarsOf(query, options);
  MetricsRun run(sources, options, exemplars, std::move(cancelled), left_out);
  MathsOperand operand = TRY(run.Evaluate(*root));
  MetricsAnswer answer;
  for (size_t i = 0; i < run.axis().interval_count(); ++i) {
    answer.timestamps.push_back(run.axis().right_edge(i));
  }
  if (auto* series = std::get_if<std::vector<Series>>(&operand.value)) {
    answer.series = std::move(*series);
  }
  LimitExemplars(answer.series, exemplars);
  return answer;
}

}  // namespace clew::query
