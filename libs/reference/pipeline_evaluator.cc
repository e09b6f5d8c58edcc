// SPDX-License-Identifier: Apache-2.0
#include "reference/pipeline_evaluator.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "reference/scalar_evaluator.h"
#include "traceql/print.h"

namespace clew::reference {
namespace {

using traceql::SpansetExpr;

// Whether several spansets of one trace can come out of it.
bool LeavesGroups(const traceql::SpansetPipeline& pipeline) {
  bool groups = false;
  for (const traceql::Stage& stage : pipeline.stages) {
    if (std::holds_alternative<traceql::GroupBy>(stage.node)) groups = true;
    if (std::holds_alternative<traceql::Coalesce>(stage.node)) groups = false;
  }
  return groups;
}

bool LeavesGroups(const SpansetExpr& expr) {
  const auto* const pipeline = std::get_if<std::unique_ptr<traceql::SpansetPipeline>>(&expr.node);
  return pipeline != nullptr && LeavesGroups(**pipeline);
}

base::Error MultipleSpansets() {
  return {base::ErrorCode::kUnsupported,
          "spanset operators are not supported for multiple spansets per trace. consider using "
          "coalesce()"};
}

Places SpansOf(const Matches& matches, const AssembledTrace* trace) {
  const auto found = std::ranges::find(matches, trace, &TraceMatch::trace);
  return found == matches.end() ? Places{} : found->spansets.front().spans;
}

void DropEmpty(Matches& matches) {
  for (TraceMatch& match : matches) {
    std::erase_if(match.spansets, [](const Spanset& spanset) { return spanset.spans.empty(); });
  }
  std::erase_if(matches, [](const TraceMatch& match) { return match.spansets.empty(); });
}

struct SortPlace {
  FieldValue key;
  size_t before;  // its place so far
};

// Missing values last in either order; equals stay as they are.
bool ComesFirst(const SortPlace& left, const SortPlace& right, traceql::SortOrder order) {
  if (left.key.present() != right.key.present()) return left.key.present();
  const std::weak_ordering compared = OrderOf(left.key, right.key);
  if (compared == 0) return left.before < right.before;
  return order == traceql::SortOrder::kAscending ? compared < 0 : compared > 0;
}

// Sorts by what `key` gives.
template <typename T, typename Key>
void SortBy(std::vector<T>& items, traceql::SortOrder order, const Key& key) {
  std::vector<SortPlace> places;
  places.reserve(items.size());
  for (const T& item : items) places.push_back({key(item), places.size()});
  std::ranges::sort(places, [&](const SortPlace& left, const SortPlace& right) {
    return ComesFirst(left, right, order);
  });
  std::vector<T> sorted;
  sorted.reserve(places.size());
  for (const SortPlace& place : places) sorted.push_back(std::move(items[place.before]));
  items = std::move(sorted);
}

}  // namespace

Matches InitialMatches(const std::vector<AssembledTrace>& traces) {
  Matches matches;
  for (const AssembledTrace& trace : traces) {
    matches.push_back({&trace, {Spanset{.spans = trace.asked_for}}});
  }
  const auto age = [](const TraceMatch& match) {
    return std::tuple(match.trace->start_ns, match.trace->trace_id);
  };
  std::ranges::sort(matches, std::ranges::greater(), age);
  return matches;
}

base::Result<Matches> PipelineEvaluator::Run(const traceql::SpansetPipeline& pipeline,
                                             Matches matches) {
  for (const traceql::Stage& stage : pipeline.stages) {
    matches = TRY(
        std::visit([&](const auto& node) { return Apply(node, std::move(matches)); }, stage.node));
  }
  return matches;
}

base::Result<Matches> PipelineEvaluator::Apply(const SpansetExpr& stage, Matches matches) {
  if (traceql::HoldsPipeline(stage)) return RunPipelines(stage, matches);
  for (TraceMatch& match : matches) {
    for (Spanset& spanset : match.spansets) {
      const Places selected = Select(stage, *match.trace, spanset.spans);
      std::erase_if(spanset.spans, [&](size_t span) {
        return std::ranges::find(selected, span) == selected.end();
      });
    }
  }
  DropEmpty(matches);
  return matches;
}

Places PipelineEvaluator::Select(const SpansetExpr& expr, const AssembledTrace& trace,
                                 const Places& spans) {
  if (const auto* const binary = std::get_if<traceql::SpansetBinary>(&expr.node)) {
    return Combine(binary->op, trace, Select(*binary->left, trace, spans),
                   Select(*binary->right, trace, spans));
  }
  if (const auto* const none = std::get_if<traceql::NoneFilter>(&expr.node)) {
    return NoSpanMatches(none->filter, trace) ? spans : Places{};
  }
  Places selected;
  for (const size_t span : spans) {
    if (fields_.Matches(std::get<traceql::SpansetFilter>(expr.node), {&trace, span})) {
      selected.push_back(span);
    }
  }
  return selected;
}

// Said of the trace, so it counts all spans that are known of it.
bool PipelineEvaluator::NoSpanMatches(const traceql::SpansetFilter& filter,
                                      const AssembledTrace& trace) {
  for (size_t span = 0; span < trace.spans.size(); ++span) {
    if (fields_.Matches(filter, {&trace, span})) return false;
  }
  return true;
}

base::Result<Matches> PipelineEvaluator::RunPipelines(const SpansetExpr& expr,
                                                      const Matches& matches) {
  if (const auto* const own = std::get_if<std::unique_ptr<traceql::SpansetPipeline>>(&expr.node)) {
    return Run(**own, matches);
  }
  const auto* const binary = std::get_if<traceql::SpansetBinary>(&expr.node);
  if (binary == nullptr) return Apply(expr, matches);
  // Not whether there are several spansets in some trace: that would depend on the spans.
  if (LeavesGroups(*binary->left) || LeavesGroups(*binary->right)) return MultipleSpansets();
  const Matches left = TRY(RunPipelines(*binary->left, matches));
  const Matches right = TRY(RunPipelines(*binary->right, matches));
  Matches combined;
  for (const TraceMatch& match : matches) {
    Places spans =
        Combine(binary->op, *match.trace, SpansOf(left, match.trace), SpansOf(right, match.trace));
    combined.push_back({match.trace, {Spanset{.spans = std::move(spans)}}});
  }
  DropEmpty(combined);
  return combined;
}

base::Result<Matches> PipelineEvaluator::Apply(const traceql::ScalarFilter& stage,
                                               Matches matches) {
  for (TraceMatch& match : matches) {
    ScalarEvaluator scalars(fields_, *match.trace);
    std::erase_if(match.spansets, [&](Spanset& spanset) { return !scalars.Keeps(stage, spanset); });
  }
  DropEmpty(matches);
  return matches;
}

std::vector<Spanset> PipelineEvaluator::Split(const traceql::GroupBy& stage,
                                              const AssembledTrace& trace, const Spanset& spanset) {
  const std::string name = "by(" + traceql::Print(stage.expr) + ")";
  std::vector<std::pair<FieldValue, Spanset>> groups;
  for (const size_t span : spanset.spans) {
    FieldValue value = fields_.Evaluate(stage.expr, {&trace, span});
    const auto same = [&](const auto& group) { return group.first == value; };
    auto group = std::ranges::find_if(groups, same);
    if (group == groups.end()) {
      Spanset fresh{.values = spanset.values};
      SetValue(fresh.values, {name, value});
      group = groups.emplace(groups.end(), std::move(value), std::move(fresh));
    }
    group->second.spans.push_back(span);
  }
  const auto before = [](const auto& left, const auto& right) {
    return OrderOf(left.first, right.first) < 0;
  };
  std::ranges::sort(groups, before);
  std::vector<Spanset> split;
  split.reserve(groups.size());
  for (auto& group : groups) split.push_back(std::move(group.second));
  return split;
}

base::Result<Matches> PipelineEvaluator::Apply(const traceql::GroupBy& stage, Matches matches) {
  for (TraceMatch& match : matches) {
    std::vector<Spanset> all;
    for (const Spanset& spanset : match.spansets) {
      for (Spanset& part : Split(stage, *match.trace, spanset)) all.push_back(std::move(part));
    }
    match.spansets = std::move(all);
  }
  return matches;
}

// What was said of the parts is not true of the whole, so it goes.
base::Result<Matches> PipelineEvaluator::Apply(const traceql::Coalesce& /*stage*/,
                                               Matches matches) {
  for (TraceMatch& match : matches) {
    Spanset whole;
    for (const Spanset& spanset : match.spansets) {
      whole.spans.insert(whole.spans.end(), spanset.spans.begin(), spanset.spans.end());
    }
    std::ranges::sort(whole.spans);
    match.spansets = {std::move(whole)};
  }
  return matches;
}

base::Result<Matches> PipelineEvaluator::Apply(const traceql::Select& /*stage*/, Matches matches) {
  return matches;
}

FieldValue PipelineEvaluator::SortKey(const traceql::Sort& sort, const SpanInTrace& span) {
  FieldValue key = fields_.Evaluate(sort.expr, span);
  return IsNaN(key) ? FieldValue{} : key;
}

base::Result<Matches> PipelineEvaluator::Apply(const traceql::Sort& stage, Matches matches) {
  for (TraceMatch& match : matches) {
    const auto of_span = [&](size_t span) { return SortKey(stage, {match.trace, span}); };
    const auto of_spanset = [&](const Spanset& set) { return of_span(set.spans.front()); };
    for (Spanset& spanset : match.spansets) SortBy(spanset.spans, stage.order, of_span);
    SortBy(match.spansets, stage.order, of_spanset);
  }
  SortBy(matches, stage.order, [&](const TraceMatch& match) {
    return SortKey(stage, {match.trace, match.spansets.front().spans.front()});
  });
  return matches;
}

base::Result<Matches> PipelineEvaluator::Apply(const traceql::Limit& stage, Matches matches) {
  const auto count = static_cast<uint64_t>(stage.count);
  if (matches.size() > count) matches.resize(count);
  return matches;
}

}  // namespace clew::reference
