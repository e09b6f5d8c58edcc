// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "query/eval/mentioned_fields.h"
#include "query/memory_budget.h"
#include "query/metrics/coded_exemplars.h"
#include "query/metrics/coded_measure.h"
#include "query/metrics/measured_groups.h"
#include "query/metrics/series.h"
#include "query/metrics/time_axis.h"
#include "query/scan_threads.h"
#include "query/selected_span.h"
#include "traceql/ast.h"

namespace clew::query {

// rate(), count_over_time(), quantile_over_time() and so on, by labels. A span whose field is no
// number that the function takes is as if it were not there. kExhausted when the groups take more
// memory than there is. One thread, which others may help.
class RangeMeasure final : public SpanTaker {
 public:
  // What it measures, all of which outlives it. `mentioned` is what exemplars say of their spans;
  // null: there are none.
  struct Question {
    const traceql::MetricsAggregate& aggregate;
    const TimeAxis& axis;
    const std::vector<MentionedField>* mentioned;
    MemoryBudget* memory;
    ScanThreads* threads;  // that help unless null
  };
  explicit RangeMeasure(const Question& question)
      : question_(question),
        groups_(question.aggregate, question.axis, question.mentioned, question.memory),
        coded_(question.aggregate, question.axis, groups_) {}

  base::Status Add(const SelectedSpan& span) override;
  base::Status AddRows(const SelectedRows& selected, Cancellation& cancellation) override;
  std::vector<Series> Take() {
    coded_.Flush();
    return groups_.Take(question_.threads);
  }
  // Not where floats are added up, whose sum depends on their order.
  bool forks() const override;
  std::unique_ptr<SpanTaker> Fork() const override {
    return std::make_unique<RangeMeasure>(question_);
  }
  void Settle() override { coded_.Flush(); }
  base::Status Join(SpanTaker& fork) override;

  // Adds so many spans to samples of the series, which are what is left of those taken. All that
  // is given outlives the call.
  struct ShowMeans {
    Regexes& regexes;
    const Cancellation& cancellation;
    LeftOut* left_out;
  };
  base::Status ShowExemplars(const ShowMeans& means, size_t budget, std::vector<Series>& series);

 private:
  const Question question_;
  MeasuredGroups groups_;
  CodedMeasure coded_;
  std::vector<MeasuredRows> measured_;  // by codes
};

}  // namespace clew::query
