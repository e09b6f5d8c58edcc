// SPDX-License-Identifier: Apache-2.0
#include "query/plan/metrics_plan.h"

#include <algorithm>

#include "base/check.h"
#include "base/time_text.h"
#include "query/eval/pipeline.h"
#include "query/plan/plan_text.h"
#include "query/span_scan.h"
#include "traceql/print.h"

namespace clew::query {
namespace {

using Spans = SelectionPlan::Spans;
using traceql::MetricsExpr;

bool IsOfSpans(const traceql::SpansetFilter& filter) {
  return filter.expr == nullptr || IsOfSpan(*filter.expr);
}

// Whether a query needs its spans only, and not their traces.
bool IsOfSpans(const traceql::SpansetFilter& filter, const traceql::MetricsAggregate& aggregate,
               const std::vector<MentionedField>& mentioned) {
  return IsOfSpans(filter) && (aggregate.field == nullptr || IsOfSpan(*aggregate.field)) &&
         std::ranges::all_of(aggregate.by, IsOfSpan) &&
         std::ranges::all_of(mentioned,
                             [](const MentionedField& field) { return IsOfSpan(*field.expr); });
}

SelectionPlan PlanSelection(const traceql::MetricsQuery& query, Regexes& regexes) {
  SelectionPlan plan{.query = query,
                     .condition = ConditionOf(query.pipeline, regexes),
                     .mentioned = MentionedFields(query)};
  const auto* const aggregate = std::get_if<traceql::MetricsAggregate>(&query.function);
  const auto* const compare = std::get_if<traceql::Compare>(&query.function);
  const traceql::SpansetFilter* const filter = OnlyFilter(query.pipeline);
  if (aggregate != nullptr && filter != nullptr && IsOfSpans(*filter, *aggregate, plan.mentioned)) {
    plan.spans = Spans::kRows;
    plan.filter = filter;
  } else if (compare != nullptr && filter != nullptr && IsOfSpans(*filter) &&
             IsOfSpans(compare->selection)) {
    plan.spans = Spans::kRowsAndRoots;
    plan.filter = filter;
  } else if (HasLimit(query.pipeline)) {
    plan.spans = Spans::kLimitedTraces;
  }
  return plan;
}

base::Status AddSelections(const MetricsExpr& expr, Regexes& regexes,
                           std::vector<SelectionPlan>& selections) {
  if (const auto* query = std::get_if<traceql::MetricsQuery>(&expr.node)) {
    TRY(CheckSpansetOperators(query->pipeline));
    selections.push_back(PlanSelection(*query, regexes));
  } else if (const auto* binary = std::get_if<traceql::MetricsBinary>(&expr.node)) {
    TRY(AddSelections(*binary->left, regexes, selections));
    TRY(AddSelections(*binary->right, regexes, selections));
  }
  return {};
}

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

std::string IntervalsText(const MetricsPlan& plan) {
  const TimeAxis& axis = plan.axis;
  if (plan.instant) return "one for the whole range";
  return std::to_string(axis.interval_count()) + " of " + DurationText(plan.step_ns) +
         ", the last to " + base::TimeText(axis.right_edge(axis.interval_count() - 1));
}

std::string_view TextOf(Spans spans) {
  switch (spans) {
    case Spans::kRows:
      return "row by row, no trace is brought together";
    case Spans::kRowsAndRoots:
      return "row by row, and trace by trace for what their roots say";
    case Spans::kTraces:
      break;
    case Spans::kLimitedTraces:
      return "of the traces that a search leaves, each evaluated as a whole";
  }
  return "of traces with such a span, each evaluated as a whole";
}

void AddSelection(const SelectionPlan& selection, PlanText& text) {
  const traceql::MetricsQuery& query = selection.query;
  text.Add("select", traceql::Print(query.pipeline));
  text.Add("columns", Print(selection.condition));
  text.Add("spans", TextOf(selection.spans));
  const auto* const aggregate = std::get_if<traceql::MetricsAggregate>(&query.function);
  text.Add("measure", aggregate != nullptr
                          ? traceql::Print(*aggregate)
                          : traceql::Print(std::get<traceql::Compare>(query.function)));
}

// In the order in which they are done.
void AddExpr(const MetricsExpr& expr, const MetricsPlan& plan, PlanText& text) {
  if (const auto* query = std::get_if<traceql::MetricsQuery>(&expr.node)) {
    AddSelection(plan.SelectionOf(*query), text);
  } else if (const auto* binary = std::get_if<traceql::MetricsBinary>(&expr.node)) {
    AddExpr(*binary->left, plan, text);
    AddExpr(*binary->right, plan, text);
    text.Add("maths", "left " + std::string(traceql::TextOf(binary->op)) + " right");
  } else {
    text.Add("constant", traceql::Print(std::get<traceql::ScalarExpr>(expr.node)));
  }
  for (const traceql::SecondStage& stage : expr.second_stages) {
    text.Add("then", traceql::Print(stage));
  }
}

}  // namespace

const SelectionPlan& MetricsPlan::SelectionOf(const traceql::MetricsQuery& query) const {
  const auto found = std::ranges::find_if(
      selections, [&](const SelectionPlan& selection) { return &selection.query == &query; });
  CHECK(found != selections.end());
  return *found;
}

base::Result<MetricsPlan> PlanMetrics(const traceql::Query& query, const MetricsOptions& options,
                                      Regexes& regexes) {
  const auto* const root = std::get_if<MetricsExpr>(&query.root);
  if (root == nullptr) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "it selects traces, which a search does; numbers over time end in a "
                       "function, as in { } | rate()"};
  }
  MetricsPlan plan{.root = *root,
                   .axis = TimeAxis(options),
                   .step_ns = options.step_ns,
                   .instant = options.instant,
                   .exemplars = ExemplarsOf(query, options),
                   .selections = {}};
  TRY(AddSelections(*root, regexes, plan.selections));
  return plan;
}

std::string Print(const MetricsPlan& plan) {
  PlanText text;
  text.Add("metrics", traceql::Print(plan.root));
  text.Add("range", Print(plan.axis.range()));
  text.Add("intervals", IntervalsText(plan));
  AddExpr(plan.root, plan, text);
  text.Add("exemplars",
           plan.exemplars == 0 ? "none" : std::to_string(plan.exemplars) + " at most, of all");
  return text.Take();
}

}  // namespace clew::query
