// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/measured_groups.h"

#include <algorithm>
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
  const std::vector<AnswerAttribute>& of_group = groups_.labels(group);
  const uint64_t labels = kBytesOfLabel * (1 + of_group.size()) + 3 * LabelText(of_group).size();
  uint64_t of_interval = sizeof(double) + sizeof(uint64_t);
  if (aggregate_.function == traceql::MetricsFunction::kQuantileOverTime) {
    of_interval = sizeof(Log2Histogram) + kBuckets * sizeof(SpanSum::Bucket) +
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
    const std::optional<double> bound = BucketOf(one);
    if (!bound) return;
    const auto known = std::ranges::find(buckets_, *bound, &SpanSum::Bucket::bound);
    if (known != buckets_.end()) {
      ++known->count;
    } else {
      buckets_.push_back({*bound, 1});
    }
  });
  return {.count = buckets_.size(), .buckets = buckets_};
}

base::Result<GroupMeasure*> MeasuredGroups::GroupOf(const SelectedSpan& span) {
  const size_t group = TRY(groups_.GroupOf(span));
  if (group == measures_.size()) {
    TRY(MemoryBudget::Charge(memory_, BytesOfGroup(group), kAdvice));
    measures_.push_back(MakeGroupMeasure(aggregate_, axis_));
  }
  return measures_[group].get();
}

base::Status MeasuredGroups::Add(const SelectedSpan& span, uint32_t interval) {
  const Value value = TRY(ValueOf(span));
  const SpanSum sum = SumOf(value);
  if (sum.count == 0) return {};
  GroupMeasure* const group = TRY(GroupOf(span));
  group->Add(interval, sum);
  if (mentioned_ == nullptr) return {};
  return group->Show(span, interval, value, *mentioned_);
}

base::Status MeasuredGroups::Show(const SelectedSpan& span, uint32_t interval,
                                  GroupMeasure& group) {
  const Value value = TRY(ValueOf(span));
  const SpanSum sum = SumOf(value);
  if (sum.count == 0 || !group.MayShow(interval, sum, span.start_unix_nano)) return {};
  return group.Show(span, interval, value, *mentioned_);
}

std::vector<Series> MeasuredGroups::Take() {
  std::vector<Series> series;
  for (size_t group = 0; group < measures_.size(); ++group) {
    measures_[group]->AppendSeries(groups_.labels(group), series);
  }
  return series;
}

}  // namespace clew::query
