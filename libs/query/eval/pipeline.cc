// SPDX-License-Identifier: Apache-2.0
#include "query/eval/pipeline.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <string>
#include <utility>

#include "query/eval/aggregate.h"
#include "query/eval/relation.h"
#include "query/eval/sort_by.h"
#include "traceql/print.h"

namespace clew::query {
namespace {

struct ValueLess {
  bool operator()(const Value& left, const Value& right) const { return OrderOf(left, right) < 0; }
};

// Whether several spansets of one trace may come out of it.
bool LeavesGroups(const traceql::SpansetPipeline& pipeline) {
  bool groups = false;
  for (const traceql::Stage& stage : pipeline.stages) {
    if (std::holds_alternative<traceql::GroupBy>(stage.node)) groups = true;
    if (std::holds_alternative<traceql::Coalesce>(stage.node)) groups = false;
  }
  return groups;
}

bool LeavesGroups(const traceql::SpansetExpr& expr) {
  const auto* pipeline = std::get_if<std::unique_ptr<traceql::SpansetPipeline>>(&expr.node);
  return pipeline != nullptr && LeavesGroups(**pipeline);
}

base::Error SeveralSpansets() {
  return {base::ErrorCode::kInvalidArgument,
          "spanset operators are not supported for multiple spansets per trace. consider using "
          "coalesce()"};
}

void KeepOnly(const std::vector<uint32_t>& kept, const TraceView& trace,
              std::vector<uint32_t>& spans) {
  std::vector<bool> keep(trace.size());
  for (const uint32_t span : kept) keep[span] = true;
  std::erase_if(spans, [&](uint32_t span) { return !keep[span]; });
}

base::Status CheckOperators(const traceql::SpansetExpr& expr) {
  if (const auto* pipeline = std::get_if<std::unique_ptr<traceql::SpansetPipeline>>(&expr.node)) {
    return CheckSpansetOperators(**pipeline);
  }
  const auto* binary = std::get_if<traceql::SpansetBinary>(&expr.node);
  if (binary == nullptr) return {};
  if (LeavesGroups(*binary->left) || LeavesGroups(*binary->right)) return SeveralSpansets();
  TRY(CheckOperators(*binary->left));
  return CheckOperators(*binary->right);
}

}  // namespace

// Asked of the query and not of what comes out of it, which would depend on the spans.
base::Status CheckSpansetOperators(const traceql::SpansetPipeline& pipeline) {
  for (const traceql::Stage& stage : pipeline.stages) {
    const auto* expr = std::get_if<traceql::SpansetExpr>(&stage.node);
    if (expr != nullptr) TRY(CheckOperators(*expr));
  }
  return {};
}

AnswerAttribute AttributeOf(std::string key, const Value& value) {
  AnswerAttribute attribute{.key = std::move(key), .values = {}, .is_array = value.is_array};
  value.ForEach([&](const Scalar& one) { attribute.values.push_back(StaticOf(one)); });
  return attribute;
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
  for (Spanset& spanset : input) {
    Spansets taken = TRY(Take(stage, spanset, trace));
    if (traceql::HoldsPipeline(stage)) {
      std::ranges::move(taken, std::back_inserter(out));
    } else if (!taken.empty()) {
      // Filters leave what is known of the spanset, and the order of its spans.
      KeepOnly(taken.front().spans, trace, spanset.spans);
      out.push_back(std::move(spanset));
    }
  }
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
  const Field* const field = TRY(fields_.Get(*filter.expr));
  Spanset taken{.spans = {}, .attributes = input.attributes};
  for (const uint32_t span : input.spans) {
    if (IsTrue(field->Evaluate(SpanAt::Of(trace, span, fields_.texts()))))
      taken.spans.push_back(span);
  }
  return Spansets{std::move(taken)};
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::TakeNode(
    const traceql::NoneFilter& none, const Spanset& input, const TraceView& trace) {
  // Said of the trace, so of all spans that are known of it.
  Spanset all;
  for (uint32_t span = 0; span < trace.size(); ++span) all.spans.push_back(span);
  const Spansets matching = TRY(TakeNode(none.filter, all, trace));
  return matching.front().spans.empty() ? Spansets{input} : Spansets();
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::TakeNode(
    const traceql::SpansetBinary& binary, const Spanset& input, const TraceView& trace) {
  Spansets left = TRY(Take(*binary.left, input, trace));
  Spansets right = TRY(Take(*binary.right, input, trace));
  // What was sorted on one side is in the order of time again.
  const auto spans_of = [](const Spansets& side) {
    std::vector<uint32_t> spans = side.empty() ? std::vector<uint32_t>() : side.front().spans;
    std::ranges::sort(spans);
    return spans;
  };
  return Spansets{{.spans = Combine(binary.op, trace, spans_of(left), spans_of(right))}};
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
    const Scalar left = TRY(ValueOf(stage.left, spanset, trace));
    const Scalar right = TRY(ValueOf(stage.right, spanset, trace));
    if (Compare(stage.op, left, right)) out.push_back(std::move(spanset));
  }
  return out;
}

base::Result<Scalar> PipelineEvaluator::AggregateOf(const traceql::Aggregate& aggregate,
                                                    Spanset& spanset, const TraceView& trace) {
  const Scalar value = TRY(Aggregated(aggregate, trace, spanset.spans, fields_));
  if (!std::holds_alternative<Nil>(value)) {
    SetAttribute(spanset.attributes, AttributeOf(traceql::Print(aggregate), Value::Of(value)));
  }
  return value;
}

base::Result<Scalar> PipelineEvaluator::ValueOf(const traceql::ScalarExpr& expr, Spanset& spanset,
                                                const TraceView& trace) {
  if (const auto* literal = std::get_if<traceql::Static>(&expr.node)) return ScalarOf(*literal);
  if (const auto* aggregate = std::get_if<traceql::Aggregate>(&expr.node)) {
    return AggregateOf(*aggregate, spanset, trace);
  }
  const auto* binary = std::get_if<traceql::ScalarBinary>(&expr.node);
  if (binary == nullptr) return Scalar(Nil());  // a pipeline of its own, which no valid query has
  const Scalar left = TRY(ValueOf(*binary->left, spanset, trace));
  const Scalar right = TRY(ValueOf(*binary->right, spanset, trace));
  return Calculate(binary->op, left, right);
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::RunStage(const traceql::GroupBy& stage,
                                                                      const Spansets& input,
                                                                      PipelineOutcome&,
                                                                      const TraceView& trace) {
  const Field* const field = TRY(fields_.Get(stage.expr));
  const std::string key = "by(" + traceql::Print(stage.expr) + ")";
  Spansets out;
  for (const Spanset& spanset : input) {
    std::map<Value, Spanset, ValueLess> groups;
    for (const uint32_t span : spanset.spans) {
      Value value = field->Evaluate(SpanAt::Of(trace, span, fields_.texts()));
      const auto [group, is_new] = groups.try_emplace(std::move(value));
      if (is_new) {
        group->second.attributes = spanset.attributes;
        SetAttribute(group->second.attributes, AttributeOf(key, group->first));
      }
      group->second.spans.push_back(span);
    }
    for (auto& [value, group] : groups) out.push_back(std::move(group));
  }
  return out;
}

base::Result<PipelineEvaluator::Spansets> PipelineEvaluator::RunStage(const traceql::Coalesce&,
                                                                      const Spansets& input,
                                                                      PipelineOutcome&,
                                                                      const TraceView&) {
  Spanset all;
  for (const Spanset& spanset : input) {
    all.spans.insert(all.spans.end(), spanset.spans.begin(), spanset.spans.end());
  }
  std::ranges::sort(all.spans);
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
  const Field* const field = TRY(fields_.Get(stage.expr));
  const auto key_of = [&](uint32_t span) {
    Value value = field->Evaluate(SpanAt::Of(trace, span, fields_.texts()));
    return !value.is_array && IsNaN(value.scalar) ? Value() : value;
  };
  for (Spanset& spanset : input) SortBy(spanset.spans, stage.order, key_of);
  SortBy(input, stage.order, [&](const Spanset& spanset) { return key_of(spanset.spans.front()); });
  outcome.sort_keys.push_back(AttributeOf("", key_of(input.front().spans.front())));
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
