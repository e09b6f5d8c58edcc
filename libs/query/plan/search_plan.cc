// SPDX-License-Identifier: Apache-2.0
#include "query/plan/search_plan.h"

#include <algorithm>

#include "query/plan/plan_text.h"
#include "query/trace_order.h"
#include "traceql/print.h"

namespace clew::query {
namespace {

std::string OrderOf(const SearchPlan& plan) {
  if (plan.enough) {
    return "newest first, until there are " + std::to_string(*plan.enough) + " results";
  }
  std::string order;
  for (const traceql::Stage& stage : plan.request.pipeline.stages) {
    if (TraceOrder::Arranges(stage)) order.append(traceql::Print(stage)).append(", ");
  }
  return order + "once all are found; " + std::to_string(plan.request.limit) + " at most";
}

std::string AnswerOf(const SearchPlan& plan) {
  const uint32_t spans = plan.request.spans_per_spanset;
  std::string text = spans == 0 ? "all spans" : "the first " + Count(spans, "span");
  text += " of each spanset";
  if (plan.mentioned.empty()) return text;
  std::string fields;
  for (const MentionedField& field : plan.mentioned) {
    fields.append(fields.empty() ? "" : ", ").append(traceql::Print(*field.expr));
  }
  return text + ", with " + fields;
}

void AddDurations(const TraceqlRequest& request, PlanText& text) {
  std::string bounds;
  if (request.min_duration_ns) bounds = "at least " + DurationText(*request.min_duration_ns);
  if (request.max_duration_ns) {
    bounds.append(bounds.empty() ? "at most " : " and at most ");
    bounds += DurationText(*request.max_duration_ns);
  }
  if (!bounds.empty()) text.Add("duration", bounds + ", of the trace");
}

}  // namespace

SearchPlan PlanSearch(const TraceqlRequest& request, Regexes& regexes) {
  const bool by_time = TraceOrder(request.pipeline).IsByTime();
  return {.request = request,
          .condition = ConditionOf(request.pipeline, regexes),
          .mentioned = MentionedFields(request.pipeline),
          .enough = by_time ? std::optional(request.limit) : std::nullopt};
}

std::string Print(const SearchPlan& plan) {
  PlanText text;
  text.Add("search", traceql::Print(plan.request.pipeline));
  text.Add("columns", Print(plan.condition));
  text.Add("traces", "those with such a span, each evaluated as a whole");
  text.Add("range", Print(plan.request.range));
  text.Add("horizon", HorizonText(plan.request.range));
  AddDurations(plan.request, text);
  text.Add("order", OrderOf(plan));
  text.Add("answer", AnswerOf(plan));
  return text.Take();
}

}  // namespace clew::query
