// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/range_measure.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <variant>

#include "query/metrics/exemplar_choice.h"

namespace clew::query {

base::Status RangeMeasure::Add(const SelectedSpan& span) {
  return groups_.Add(span, static_cast<uint32_t>(question_.axis.IntervalOf(span.start_unix_nano)));
}

base::Status RangeMeasure::AddRows(const SelectedRows& selected, Cancellation& cancellation) {
  if (!TRY(coded_.AddRows(selected, cancellation))) {
    return SpanTaker::AddRows(selected, cancellation);
  }
  if (question_.mentioned == nullptr) return {};
  MeasuredRows& measured = measured_.emplace_back(TRY(MeasuredRows::Of(selected)));
  measured.groups_of_codes = coded_.TakeGroupsOfCodes();
  const uint64_t of_rows = measured.rows ? selected.rows.words().size_bytes() : 0;
  return MemoryBudget::Charge(question_.memory,
                              of_rows + measured.groups_of_codes.size() * sizeof(uint32_t),
                              "it goes through very many spans; narrow the time range");
}

bool RangeMeasure::forks() const {
  if (MeasuredBy(question_.aggregate.function) != MeasuredAs::kTally) return true;
  const auto* intrinsic = std::get_if<traceql::Intrinsic>(&question_.aggregate.field->node);
  return intrinsic != nullptr && *intrinsic == traceql::Intrinsic::kDuration;
}

base::Status RangeMeasure::Join(SpanTaker& fork) {
  auto& other = static_cast<RangeMeasure&>(fork);
  const std::vector<size_t> joined = TRY(groups_.Join(other.groups_));
  for (MeasuredRows& measured : other.measured_) {
    for (uint32_t& group : measured.groups_of_codes) {
      if (group != CodedMeasure::kNoGroup) group = static_cast<uint32_t>(joined[group]);
    }
    measured_.push_back(std::move(measured));
  }
  return {};
}

base::Status RangeMeasure::ShowExemplars(const ShowMeans& means, size_t budget,
                                         std::vector<Series>& series) {
  const MeasuredAs measured = MeasuredBy(question_.aggregate.function);
  const std::vector<std::vector<uint32_t>> intervals =
      ChooseExemplars(series, budget, measured == MeasuredAs::kTally);
  std::vector<ExemplarPicker::Place> chosen;
  for (size_t i = 0; i < series.size(); ++i) {
    for (const uint32_t interval : intervals[i]) chosen.push_back({series[i].origin, interval});
  }
  TRY(ShowCodedExemplars({question_.aggregate, question_.axis, means.regexes, means.cancellation,
                          means.left_out, question_.threads},
                         std::move(measured_), std::move(chosen), groups_));
  for (size_t i = 0; i < series.size(); ++i) {
    for (const uint32_t interval : intervals[i]) {
      const Exemplar* const found = groups_.exemplars().Find({series[i].origin, interval});
      if (found == nullptr) continue;  // its block cannot be read any more
      series[i].exemplars.push_back(*found);
      if (measured == MeasuredAs::kSpans) {
        series[i].exemplars.back().value = series[i].samples[interval];
      }
    }
  }
  return {};
}

}  // namespace clew::query
