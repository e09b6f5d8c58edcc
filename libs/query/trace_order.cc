// SPDX-License-Identifier: Apache-2.0
#include "query/trace_order.h"

#include <algorithm>
#include <utility>

#include "query/eval/sort_by.h"

namespace clew::query {

TraceOrder::TraceOrder(const traceql::SpansetPipeline& pipeline) {
  size_t sorts = 0;
  size_t limits = 0;
  for (const traceql::Stage& stage : pipeline.stages) {
    if (const auto* sort = std::get_if<traceql::Sort>(&stage.node)) {
      steps_.push_back({.is_sort = true, .order = sort->order, .number = sorts++});
    } else if (const auto* limit = std::get_if<traceql::Limit>(&stage.node)) {
      steps_.push_back({.number = limits++, .count = limit->count});
    }
  }
}

bool TraceOrder::Arranges(const traceql::Stage& stage) {
  return std::holds_alternative<traceql::Sort>(stage.node) ||
         std::holds_alternative<traceql::Limit>(stage.node);
}

bool TraceOrder::Note(const model::TraceId& trace_id, PipelineOutcome outcome) {
  const bool in_answer = !outcome.spansets.empty();
  if (!in_answer && outcome.limits_reached == 0) return false;
  noted_[trace_id] = {std::move(outcome.sort_keys), outcome.limits_reached, in_answer};
  return true;
}

void TraceOrder::Arrange(std::vector<TraceSummary>& traces) const {
  for (const Step& step : steps_) {
    if (step.is_sort) {
      Sort(step, traces);
    } else {
      Cut(step, traces);
    }
  }
  std::erase_if(traces,
                [&](const TraceSummary& trace) { return !noted_.at(trace.trace_id).in_answer; });
}

// Traces that did not come so far go last, and so do those without a value.
void TraceOrder::Sort(const Step& step, std::vector<TraceSummary>& traces) const {
  const auto key_of = [&](const TraceSummary& trace) {
    const std::vector<AnswerAttribute>& keys = noted_.at(trace.trace_id).sort_keys;
    Value key;
    if (step.number >= keys.size()) return key;
    key.is_array = keys[step.number].is_array;
    for (const traceql::Static& one : keys[step.number].values) {
      key.scalar = ScalarOf(one);
      if (key.is_array) key.elements.push_back(key.scalar);
    }
    return key;
  };
  SortBy(traces, step.order, key_of);
}

void TraceOrder::Cut(const Step& step, std::vector<TraceSummary>& traces) const {
  std::erase_if(traces, [&](const TraceSummary& trace) {
    return noted_.at(trace.trace_id).limits_reached <= step.number;
  });
  if (traces.size() > static_cast<uint64_t>(step.count)) {
    traces.resize(static_cast<size_t>(step.count));
  }
}

}  // namespace clew::query
