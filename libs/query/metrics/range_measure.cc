// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/range_measure.h"

#include <optional>
#include <utility>

#include "query/metrics/coded_measure.h"
#include "query/metrics/measured_groups.h"

namespace clew::query {
namespace {

using traceql::MetricsAggregate;

class RangeMeasure final : public SpanMeasure {
 public:
  RangeMeasure(const MetricsAggregate& aggregate, const TimeAxis& axis,
               const std::vector<MentionedField>* mentioned, MemoryBudget* memory)
      : axis_(axis),
        groups_(aggregate, axis, mentioned, memory),
        coded_(aggregate, axis, groups_) {}

  base::Status Add(const SelectedSpan& span) override {
    return groups_.Add(span, static_cast<uint32_t>(axis_.IntervalOf(span.start_unix_nano)));
  }

  base::Status AddRows(const SelectedRows& selected, Cancellation& cancellation) override {
    if (TRY(coded_.AddRows(selected, cancellation))) return {};
    return SpanMeasure::AddRows(selected, cancellation);
  }

  std::vector<Series> Take() override { return groups_.Take(); }

 private:
  const TimeAxis& axis_;
  MeasuredGroups groups_;
  CodedMeasure coded_;
};

}  // namespace

std::unique_ptr<SpanMeasure> MakeRangeMeasure(const MetricsAggregate& aggregate,
                                              const TimeAxis& axis,
                                              const std::vector<MentionedField>* mentioned,
                                              MemoryBudget* memory) {
  return std::make_unique<RangeMeasure>(aggregate, axis, mentioned, memory);
}

}  // namespace clew::query
