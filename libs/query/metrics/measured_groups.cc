// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/measured_groups.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "query/metrics/log2_histogram.h"

namespace clew::query {
namespace {

constexpr std::string_view kAdvice =
    "by() makes very many series; group by something with fewer values, or take a longer step, or "
    "narrow the filter or the time range";

}  // namespace

uint64_t MeasuredGroups::BytesOfGroup(size_t group) const {
  constexpr uint64_t kBytesOfLabel = 256;
  constexpr uint64_t kBuckets = 8;  // that hold most durations of one operation
  // Each text is in the labels, in theirs, and among the bytes that they are known by.
  const uint64_t labels =
      kBytesOfLabel * (1 + groups_.labels(group).size()) + 3 * groups_.text(group).size();
  uint64_t of_interval = sizeof(double) + sizeof(uint64_t);
  if (aggregate_.function == traceql::MetricsFunction::kQuantileOverTime) {
    of_interval = sizeof(Log2Histogram) + kBuckets * sizeof(uint64_t) +
                  sizeof(double) * aggregate_.quantiles.size();
  } else if (measured_ == MeasuredAs::kBuckets) {
    of_interval *= kBuckets;
  } else if (measured_ == MeasuredAs::kTally) {
    of_interval = sizeof(Tally) + sizeof(double);
  }
  return labels + of_interval * axis_.interval_count();
}

base::Result<Value> MeasuredGroups::ValueOf(const SelectedSpan& span) const {
  if (aggregate_.field == nullptr) return Value();
  return TRY(span.fields.Get(*aggregate_.field))->Evaluate(span.at);
}

SpanSum MeasuredGroups::SumOf(const Value& value) {
  if (measured_ == MeasuredAs::kSpans) return {.count = 1};
  if (measured_ == MeasuredAs::kTally) {
    tally_ = {};
    tally_.Add(value);
    return {.count = tally_.count(), .tally = &tally_};
  }
  buckets_.clear();
  value.ForEach([&](const Scalar& one) {
    const std::optional<Log2Bucket> bucket = Log2Bucket::Of(one);
    if (!bucket) return;
    const auto known = std::ranges::find(buckets_, *bucket, &SpanSum::Bucket::bucket);
    if (known != buckets_.end()) {
      ++known->count;
    } else {
      buckets_.push_back({*bucket, 1});
    }
  });
  return {.count = buckets_.size(), .buckets = buckets_};
}

base::Result<size_t> MeasuredGroups::GroupOf(const std::vector<Value>& by) {
  return Known(groups_.GroupOf(by));
}

base::Result<size_t> MeasuredGroups::Known(size_t group) {
  if (group == measures_.size()) {
    TRY(MemoryBudget::Charge(memory_, BytesOfGroup(group), kAdvice));
    measures_.push_back(MakeGroupMeasure(aggregate_, axis_));
    has_spans_.push_back(0);
  }
  return group;
}

base::Result<std::optional<size_t>> MeasuredGroups::Count(const SelectedSpan& span,
                                                          uint32_t interval, const Value& value) {
  const SpanSum sum = SumOf(value);
  if (sum.count == 0) return std::optional<size_t>();
  const size_t found = TRY(groups_.GroupOf(span));
  const size_t group = TRY(Known(found));
  Add(group, interval, sum);
  return std::optional(group);
}

base::Result<std::optional<size_t>> MeasuredGroups::Count(const SelectedSpan& span,
                                                          uint32_t interval) {
  const Value value = TRY(ValueOf(span));
  return Count(span, interval, value);
}

base::Status MeasuredGroups::Add(const SelectedSpan& span, uint32_t interval) {
  const Value value = TRY(ValueOf(span));
  const std::optional<size_t> group = TRY(Count(span, interval, value));
  if (!group || mentioned_ == nullptr) return {};
  return Show({span, value}, interval, *group, exemplars_);
}

base::Status MeasuredGroups::Show(const SelectedSpan& span, uint32_t interval, size_t group,
                                  ExemplarPicker& exemplars) const {
  const Value value = TRY(ValueOf(span));
  return Show({span, value}, interval, group, exemplars);
}

base::Status MeasuredGroups::Show(const Valued& valued, uint32_t interval, size_t group,
                                  ExemplarPicker& exemplars) const {
  const auto offer = [&](double bucket, double sample) {
    return exemplars.Offer({{group, bucket}, interval}, valued.span, sample, *mentioned_);
  };
  if (measured_ == MeasuredAs::kSpans) return offer(0, 0);
  const bool by_bucket = aggregate_.function == traceql::MetricsFunction::kHistogramOverTime;
  base::Status status;
  bool shown = false;
  valued.value.ForEach([&](const Scalar& one) {
    if (!status.ok() || (shown && !by_bucket)) return;
    const std::optional<Log2Bucket> bucket = Log2Bucket::Of(one);
    const bool number = NumberOf(one).has_value() && !IsNaN(one);
    if (measured_ == MeasuredAs::kBuckets ? !bucket : !number) return;
    shown = true;
    status = offer(by_bucket ? bucket->bound() : 0, SampleOf(one));
  });
  return status;
}

base::Result<std::vector<size_t>> MeasuredGroups::Join(MeasuredGroups& other) {
  std::vector<size_t> joined;  // by its groups, ours
  for (size_t group = 0; group < other.measures_.size(); ++group) {
    const size_t ours = groups_.Join(other.groups_, group);
    MemoryBudget::Release(memory_, other.BytesOfGroup(group));
    joined.push_back(TRY(Known(ours)));
    measures_[ours]->Join(*other.measures_[group]);
    has_spans_[ours] |= other.has_spans_[group];
    other.measures_[group].reset();
  }
  exemplars_.Join(other.exemplars_, joined);
  return joined;
}

std::vector<Series> MeasuredGroups::Take(ScanThreads* threads) {
  constexpr size_t kGroupsAtATime = 128;
  std::vector<std::vector<Series>> of_ranges(measures_.size() / kGroupsAtATime + 1);
  ForEachRange(threads, measures_.size(), kGroupsAtATime, [&](size_t first, size_t end) {
    std::vector<Series>& series = of_ranges[first / kGroupsAtATime];
    for (size_t group = first; group < end; ++group) {
      if (has_spans_[group] == 0) continue;
      const size_t before = series.size();
      measures_[group]->AppendSeries(groups_.labels(group), series);
      for (size_t i = before; i < series.size(); ++i) series[i].origin.group = group;
    }
  });
  std::vector<Series> all;
  for (std::vector<Series>& series : of_ranges) std::ranges::move(series, std::back_inserter(all));
  return all;
}

}  // namespace clew::query
