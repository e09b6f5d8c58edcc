// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "query/memory_budget.h"
#include "query/metrics/exemplar_picker.h"
#include "query/metrics/group_measure.h"
#include "query/metrics/label_groups.h"
#include "query/scan_threads.h"

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

  // A span whose field is no number that the function takes is as if it were not there. Gives the
  // group it is counted in; nullopt when the function does not take it. Add also shows it.
  base::Result<std::optional<size_t>> Count(const SelectedSpan& span, uint32_t interval);
  base::Status Add(const SelectedSpan& span, uint32_t interval);

  // The number of the group of spans for which by() is `by`; kExhausted when there are more groups
  // than memory for them.
  base::Result<size_t> GroupOf(const std::vector<Value>& by);
  // A group that nothing is ever added to has no series.
  void Add(size_t group, uint32_t interval, const SpanSum& spans) {
    has_spans_[group] = 1;
    measures_[group]->Add(interval, spans);
  }

  // Offers a span of a group to be shown beside its sample, if the function takes it. Thread-safe.
  // REQUIRES: spans are to be shown
  base::Status Show(const SelectedSpan& span, uint32_t interval, size_t group,
                    ExemplarPicker& exemplars) const;
  const ExemplarPicker& exemplars() const { return exemplars_; }
  void Join(const ExemplarPicker& exemplars) { exemplars_.Join(exemplars); }

  // All that another of the same function and labels took, which is of no use afterwards. Gives,
  // by its groups, which they are here.
  base::Result<std::vector<size_t>> Join(MeasuredGroups& other);

  std::vector<Series> Take(ScanThreads* threads);

 private:
  // What the function's field is for a span; nil when it has none.
  base::Result<Value> ValueOf(const SelectedSpan& span) const;
  // What a group takes until its series are written: its labels, which are kept as a text too,
  // and what it has for each interval.
  uint64_t BytesOfGroup(size_t group) const;
  base::Result<std::optional<size_t>> Count(const SelectedSpan& span, uint32_t interval,
                                            const Value& value);
  // Makes the measure of a group that may be new.
  base::Result<size_t> Known(size_t group);
  // A span and what the function's field is for it.
  struct Valued {
    const SelectedSpan& span;
    const Value& value;
  };
  base::Status Show(const Valued& valued, uint32_t interval, size_t group,
                    ExemplarPicker& exemplars) const;
  // What it is to the function; nothing when the function does not take it.
  SpanSum SumOf(const Value& value);

  const traceql::MetricsAggregate& aggregate_;
  const TimeAxis& axis_;
  const std::vector<MentionedField>* const mentioned_;
  MemoryBudget* const memory_;
  const MeasuredAs measured_ = MeasuredBy(aggregate_.function);
  LabelGroups groups_;
  std::vector<std::unique_ptr<GroupMeasure>> measures_;  // by group
  std::vector<uint8_t> has_spans_;                       // by group
  ExemplarPicker exemplars_;
  std::vector<SpanSum::Bucket> buckets_;  // of the span in hand
  Tally tally_;
};

}  // namespace clew::query
