// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <vector>

#include "model/ids.h"
#include "query/eval/pipeline.h"
#include "query/search.h"
#include "traceql/ast.h"

namespace clew::query {

// Applies the sort() and limit() stages of a pipeline to the traces that came to them. Each
// limit() counts the traces that came to it, whether a later stage drops them or not.
class TraceOrder {
 public:
  explicit TraceOrder(const traceql::SpansetPipeline& pipeline);

  // Whether it is a sort() or a limit().
  static bool Arranges(const traceql::Stage& stage);
  // There is no such stage: newest first.
  bool IsByTime() const { return steps_.empty(); }

  // Notes how far a trace came. False: it does not matter for the answer.
  bool Note(const model::TraceId& trace_id, PipelineOutcome outcome);
  // Of the noted traces, given newest first, those of the answer in its order.
  void Arrange(std::vector<TraceSummary>& traces) const;

 private:
  struct Noted {
    std::vector<AnswerAttribute> sort_keys;
    size_t limits_reached = 0;
    bool in_answer = false;
  };
  // By the number of the sort() among them; of a limit() its count.
  struct Step {
    bool is_sort = false;
    traceql::SortOrder order{};
    size_t number = 0;
    int64_t count = 0;
  };
  void Sort(const Step& step, std::vector<TraceSummary>& traces) const;
  void Cut(const Step& step, std::vector<TraceSummary>& traces) const;

  std::vector<Step> steps_;
  std::map<model::TraceId, Noted> noted_;
};

}  // namespace clew::query
