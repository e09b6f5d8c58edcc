// SPDX-License-Identifier: Apache-2.0
#include "query/eval/pipeline.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <string>
#include <utility>

#include "query/eval/aggregate.h"
#include "query/eval/relation.h"
#include "traceql/print.h"

namespace clew::query {
namespace {

using traceql::BinaryOperator;

struct ScalarLess {
  bool operator()(const Scalar& left, const Scalar& right) const { return IsLess(left, right); }
};

base::Error SeveralSpansets() {
  return {base::ErrorCode::kInvalidArgument,
          "spanset operators are not supported for multiple spansets per trace. consider using "
          "coalesce()"};
}

}  // namespace

std::vector<traceql::Static> OwnedOf(const Value& value) {
  std::vector<traceql::Static> owned;
  value.ForEach([&](const Scalar& one) { owned.push_back(StaticOf(one)); });
  return owned;
}

base::Result<PipelineOutcome> PipelineEvaluator::Evaluate(const traceql::SpansetPipeline& pipeline,
                                                          const TraceView& trace) {
  Spanset all;
  for (uint32_t span = 0; span < trace.size(); ++span) {
    if (trace.selected(span)) all.spans.push_back(span);
  }
  return Run(pipeline, {std::move(all)}, trace);
}

base::Result<PipelineOutcome> PipelineEvaluator::Run(const traceql::SpansetPipeline& pipeline,
                                                     Spansets input, const TraceView& trace) {
  PipelineOutcome outcome;
  outcome.spansets = std::move(input);
  for (const traceql::Stage& stage : pipeline.stages) {
    Spansets before = std::exchange(outcome.spansets, {});
    outcome.spansets = TRY(std::visit(
        [&](const auto& node) { return RunStage(node, std::move(before), outcome, trace); },
        stage.node));
    std::erase_if(outcome.spansets, [](const Spanset& spanset) { return spanset.spans.empty(); });
    if (outcome.spansets.empty()) break;
  }
  return outcome;
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::RunStage(
    const traceql::SpansetExpr& stage, Spansets input, PipelineOutcome&, const TraceView& trace) {
  Spansets out;
  for (const Spanset& spanset : input)
    std::ranges::move(TRY(Take(stage, spanset, trace)), std::back_inserter(out));
  return out;
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::Take(const traceql::SpansetExpr& expr,
                                                                  const Spanset& input,
                                                                  const TraceView& trace) {
  return std::visit([&](const auto& node) { return TakeNode(node, input, trace); }, expr.node);
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::TakeNode(
    const traceql::SpansetFilter& filter, const Spanset& input, const TraceView& trace) {
  if (filter.expr == nullptr) return Spansets{input};
  const Field& field = fields_.Get(*filter.expr);
  Spanset taken{.spans = {}, .attributes = input.attributes};
  for (const uint32_t span : input.spans) {
    if (IsTrue(field.Evaluate(trace, span))) taken.spans.push_back(span);
  }
  return Spansets{std::move(taken)};
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::TakeNode(
    const traceql::NoneFilter& none, const Spanset& input, const TraceView& trace) {
  const Spansets matching = TRY(TakeNode(none.filter, input, trace));
  return matching.front().spans.empty() ? Spansets{input} : Spansets();
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::TakeNode(
    const traceql::SpansetBinary& binary, const Spanset& input, const TraceView& trace) {
  Spansets left = TRY(Take(*binary.left, input, trace));
  Spansets right = TRY(Take(*binary.right, input, trace));
  if (left.size() > 1 || right.size() > 1) return SeveralSpansets();
  // What was sorted on one side is in the order of time again.
  const auto spans_of = [](const Spansets& side) {
    std::vector<uint32_t> spans = side.empty() ? std::vector<uint32_t>() : side.front().spans;
    std::ranges::sort(spans);
    return spans;
  };
  return Spansets{{.spans = Combine(binary.op, trace, spans_of(left), spans_of(right)),
                   .attributes = input.attributes}};
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::TakeNode(
    const std::unique_ptr<traceql::SpansetPipeline>& pipeline, const Spanset& input,
    const TraceView& trace) {
  return TRY(Run(*pipeline, {input}, trace)).spansets;
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::RunStage(
    const traceql::ScalarFilter& stage, Spansets input, PipelineOutcome&, const TraceView& trace) {
  Spansets out;
  for (Spanset& spanset : input) {
    Spanset of_right = spanset;
    const std::optional<Scalar> left = TRY(ValueOf(stage.left, spanset, trace));
    const std::optional<Scalar> right = TRY(ValueOf(stage.right, of_right, trace));
    if (left && right && Compare(stage.op, *left, *right)) out.push_back(std::move(spanset));
  }
  return out;
}

std::optional<Scalar> PipelineEvaluator::AggregateOf(const traceql::Aggregate& aggregate,
                                                     Spanset& spanset, const TraceView& trace) {
  const std::optional<Scalar> value = Aggregated(aggregate, trace, spanset.spans, fields_);
  if (!value) return value;
  std::string key = traceql::Print(aggregate);
  std::erase_if(spanset.attributes, [&](const AnswerAttribute& one) { return one.key == key; });
  spanset.attributes.push_back({std::move(key), {StaticOf(*value)}});
  return value;
}

base::Result<std::optional<Scalar>> PipelineEvaluator::ValueOf(const traceql::ScalarExpr& expr,
                                                               Spanset& spanset,
                                                               const TraceView& trace) {
  if (const auto* literal = std::get_if<traceql::Static>(&expr.node)) {
    return std::optional(ScalarOf(*literal));
  }
  if (const auto* aggregate = std::get_if<traceql::Aggregate>(&expr.node)) {
    return AggregateOf(*aggregate, spanset, trace);
  }
  if (const auto* own = std::get_if<traceql::ScalarPipeline>(&expr.node)) {
    Spanset narrowed{.spans = {}, .attributes = spanset.attributes};
    for (const Spanset& one : TRY(Run(*own->pipeline, {spanset}, trace)).spansets) {
      narrowed.spans.insert(narrowed.spans.end(), one.spans.begin(), one.spans.end());
    }
    spanset = std::move(narrowed);
    if (spanset.spans.empty()) return std::optional<Scalar>();
    return AggregateOf(own->aggregate, spanset, trace);
  }
  const auto& binary = std::get<traceql::ScalarBinary>(expr.node);
  const std::optional<Scalar> left = TRY(ValueOf(*binary.left, spanset, trace));
  const std::optional<Scalar> right = TRY(ValueOf(*binary.right, spanset, trace));
  if (!left || !right) return std::optional<Scalar>();
  return std::optional(Calculate(binary.op, *left, *right));
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::RunStage(const traceql::GroupBy& stage,
                                                                      Spansets input,
                                                                      PipelineOutcome&,
                                                                      const TraceView& trace) {
  const Field& field = fields_.Get(stage.expr);
  const std::string key = "by(" + traceql::Print(stage.expr) + ")";
  Spansets out;
  for (const Spanset& spanset : input) {
    std::map<Scalar, size_t, ScalarLess> groups;  // index of each in `out`
    for (const uint32_t span : spanset.spans) {
      const Value value = field.Evaluate(trace, span);
      const Scalar one = value.elements.empty() ? value.scalar : value.elements.front();
      const auto [group, is_new] = groups.try_emplace(one, out.size());
      if (is_new) {
        out.push_back({.spans = {}, .attributes = spanset.attributes});
        out.back().attributes.push_back({key, {StaticOf(one)}});
      }
      out[group->second].spans.push_back(span);
    }
  }
  return out;
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::RunStage(const traceql::Coalesce&,
                                                                      Spansets input,
                                                                      PipelineOutcome&,
                                                                      const TraceView&) {
  Spanset all;
  for (const Spanset& spanset : input) {
    all.spans.insert(all.spans.end(), spanset.spans.begin(), spanset.spans.end());
  }
  std::ranges::sort(all.spans);
  const auto copies = std::ranges::unique(all.spans);
  all.spans.erase(copies.begin(), copies.end());
  return Spansets{std::move(all)};
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::RunStage(const traceql::Select&,
                                                                      Spansets input,
                                                                      PipelineOutcome&,
                                                                      const TraceView&) {
  return input;  // what it selects is read of the spans that are returned
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::RunStage(const traceql::Sort& stage,
                                                                      Spansets input,
                                                                      PipelineOutcome& outcome,
                                                                      const TraceView& trace) {
  const Field& field = fields_.Get(stage.expr);
  const bool descending = stage.order == traceql::SortOrder::kDescending;
  // Spans without a value come last, either way.
  const auto before = [&](const Scalar& a, const Scalar& b) {
    const bool a_nil = std::holds_alternative<Nil>(a);
    const bool b_nil = std::holds_alternative<Nil>(b);
    if (a_nil || b_nil) return !a_nil;
    return descending ? IsLess(b, a) : IsLess(a, b);
  };
  std::optional<Scalar> first;
  for (Spanset& spanset : input) {
    std::vector<std::pair<Scalar, uint32_t>> keyed;
    for (const uint32_t span : spanset.spans) {
      keyed.emplace_back(field.Evaluate(trace, span).scalar, span);
    }
    std::ranges::stable_sort(
        keyed, [&](const auto& a, const auto& b) { return before(a.first, b.first); });
    for (size_t i = 0; i < keyed.size(); ++i) spanset.spans[i] = keyed[i].second;
    if (!first || before(keyed.front().first, *first)) first = keyed.front().first;
  }
  outcome.sort_keys.push_back(StaticOf(*first));
  return input;
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::RunStage(const traceql::Limit&,
                                                                      Spansets input,
                                                                      PipelineOutcome& outcome,
                                                                      const TraceView&) {
  ++outcome.limits_reached;
  return input;
}

}  // namespace clew::query
