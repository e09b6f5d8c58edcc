// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/measured_groups.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "query/metrics/log2_histogram.h"

namespace clew::query {

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
  if (group == measures_.size()) measures_.push_back(MakeGroupMeasure(aggregate_, axis_));
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
