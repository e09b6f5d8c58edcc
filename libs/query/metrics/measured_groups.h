// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "query/memory_budget.h"
#include "query/metrics/group_measure.h"
#include "query/metrics/label_groups.h"

namespace clew::query {

// What a function measures, by the labels of its by(). One thread.
class MeasuredGroups {
 public:
  // All outlive it; `mentioned` is null when no spans are to be shown.
  MeasuredGroups(const traceql::MetricsAggregate& aggregate, const TimeAxis& axis,
                 const std::vector<MentionedField>* mentioned, MemoryBudget* memory)
      : aggregate_(aggregate),
        axis_(axis),
        mentioned_(mentioned),
        memory_(memory),
        groups_(aggregate.by) {}

  // A span whose field is no number that the function takes is as if it were not there.
  base::Status Add(const SelectedSpan& span, uint32_t interval);

  // The group of a span that the function takes; kExhausted when there are more groups than
  // memory for them.
  base::Result<GroupMeasure*> GroupOf(const SelectedSpan& span);
  bool shows_spans() const { return mentioned_ != nullptr; }
  // Shows a span beside those of its group, if the function takes it. REQUIRES: shows_spans()
  base::Status Show(const SelectedSpan& span, uint32_t interval, GroupMeasure& group);

  std::vector<Series> Take();

 private:
  // What the function's field is for a span; nil when it has none.
  base::Result<Value> ValueOf(const SelectedSpan& span) const;
  // What a group takes until its series are written: its labels, which are kept as a text too,
  // and what it has for each interval.
  uint64_t BytesOfGroup(size_t group) const;
  // What it is to the function; nothing when the function does not take it.
  SpanSum SumOf(const Value& value);

  const traceql::MetricsAggregate& aggregate_;
  const TimeAxis& axis_;
  const std::vector<MentionedField>* const mentioned_;
  MemoryBudget* const memory_;
  const MeasuredAs measured_ = MeasuredBy(aggregate_.function);
  LabelGroups groups_;
  std::vector<std::unique_ptr<GroupMeasure>> measures_;  // by group
  std::vector<SpanSum::Bucket> buckets_;                 // of the span in hand
  Tally tally_;
};

}  // namespace clew::query
