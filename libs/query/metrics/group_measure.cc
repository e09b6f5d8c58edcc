// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/group_measure.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "query/metrics/exemplar_picker.h"
#include "query/metrics/log2_histogram.h"
#include "traceql/words.h"

namespace clew::query {
namespace {

using traceql::MetricsAggregate;
using traceql::MetricsFunction;

// Durations in seconds.
double SampleOf(const Scalar& value) {
  const double number = NumberOf(value).value_or(kNoSample);
  return std::holds_alternative<Duration>(value) ? number / 1e9 : number;
}

// That of the first of its values which `takes`; 0 when none is.
template <typename Takes>
double FirstSample(const Value& value, Takes takes) {
  std::optional<double> first;
  value.ForEach([&](const Scalar& one) {
    if (!first && takes(one)) first = SampleOf(one);
  });
  return first.value_or(0);
}

std::vector<AnswerAttribute> Named(std::vector<AnswerAttribute> labels, MetricsFunction function) {
  if (labels.empty())
    labels.push_back({.key = kNameLabel, .values = {std::string(traceql::TextOf(function))}});
  return labels;
}

// Of functions that show spans whatever their buckets.
class ShownByInterval : public GroupMeasure {
 public:
  bool MayShow(uint32_t interval, const SpanSum&, int64_t start_unix_nano) const final {
    return picker_.MayTake(interval, start_unix_nano);
  }

 protected:
  ExemplarPicker picker_;
};

class Counted final : public ShownByInterval {
 public:
  Counted(const TimeAxis& axis, MetricsFunction function)
      : divisor_(function == MetricsFunction::kRate ? axis.step_seconds() : 1),
        function_(function),
        counts_(axis.interval_count()) {}

  void Add(uint32_t interval, const SpanSum& spans) override { counts_[interval] += spans.count; }

  base::Status Show(const SelectedSpan& span, uint32_t interval, const Value&,
                    const std::vector<MentionedField>& mentioned) override {
    return picker_.Offer(span, interval, 0, mentioned);
  }

  void AppendSeries(const std::vector<AnswerAttribute>& labels,
                    std::vector<Series>& series) override {
    Series one{.labels = Named(labels, function_), .exemplars = picker_.Take()};
    one.samples.reserve(counts_.size());
    for (const uint64_t count : counts_) {
      one.samples.push_back(static_cast<double>(count) / divisor_);
    }
    for (Exemplar& exemplar : one.exemplars) exemplar.value = one.samples[exemplar.interval];
    series.push_back(std::move(one));
  }

 private:
  const double divisor_;
  const MetricsFunction function_;
  std::vector<uint64_t> counts_;
};

class Tallied final : public ShownByInterval {
 public:
  Tallied(const TimeAxis& axis, MetricsFunction function)
      : function_(function), tallies_(axis.interval_count()) {}

  void Add(uint32_t interval, const SpanSum& spans) override {
    tallies_[interval].Add(*spans.tally);
  }

  base::Status Show(const SelectedSpan& span, uint32_t interval, const Value& value,
                    const std::vector<MentionedField>& mentioned) override {
    const double sample = FirstSample(
        value, [](const Scalar& one) { return NumberOf(one).has_value() && !IsNaN(one); });
    return picker_.Offer(span, interval, sample, mentioned);
  }

  void AppendSeries(const std::vector<AnswerAttribute>& labels,
                    std::vector<Series>& series) override {
    Series one{.labels = Named(labels, function_), .exemplars = picker_.Take()};
    one.samples.reserve(tallies_.size());
    for (const Tally& tally : tallies_) one.samples.push_back(SampleOfTally(tally));
    series.push_back(std::move(one));
  }

 private:
  double SampleOfTally(const Tally& tally) const {
    if (tally.count() == 0) return kNoSample;
    if (function_ == MetricsFunction::kMinOverTime) return SampleOf(tally.Min());
    if (function_ == MetricsFunction::kMaxOverTime) return SampleOf(tally.Max());
    if (function_ == MetricsFunction::kSumOverTime) return tally.SumOfSamples();
    return tally.SumOfSamples() / static_cast<double>(tally.count());
  }

  const MetricsFunction function_;
  std::vector<Tally> tallies_;
};

bool HasBucket(const Scalar& value) {
  return BucketOf(value).has_value();
}

class Quantiles final : public ShownByInterval {
 public:
  Quantiles(const TimeAxis& axis, const MetricsAggregate& aggregate)
      : aggregate_(aggregate), histograms_(axis.interval_count()) {}

  void Add(uint32_t interval, const SpanSum& spans) override {
    for (const auto& [bound, count] : spans.buckets) histograms_[interval].Add(bound, count);
  }

  base::Status Show(const SelectedSpan& span, uint32_t interval, const Value& value,
                    const std::vector<MentionedField>& mentioned) override {
    return picker_.Offer(span, interval, FirstSample(value, HasBucket), mentioned);
  }

  void AppendSeries(const std::vector<AnswerAttribute>& labels,
                    std::vector<Series>& series) override {
    const std::vector<Exemplar> exemplars = picker_.Take();
    for (const traceql::Static& quantile : aggregate_.quantiles) {
      const double q = NumberOf(ScalarOf(quantile)).value_or(0);
      Series one{.labels = labels, .exemplars = exemplars};
      SetAttribute(one.labels, {.key = "p", .values = {q}});
      one.samples.reserve(histograms_.size());
      for (const Log2Histogram& histogram : histograms_) {
        one.samples.push_back(histogram.Quantile(q));
      }
      series.push_back(std::move(one));
    }
  }

 private:
  const MetricsAggregate& aggregate_;
  std::vector<Log2Histogram> histograms_;
};

class Buckets final : public GroupMeasure {
 public:
  explicit Buckets(const TimeAxis& axis) : axis_(axis) {}

  void Add(uint32_t interval, const SpanSum& spans) override {
    for (const auto& [bound, count] : spans.buckets) {
      Bucket& bucket = buckets_[bound];
      bucket.counts.resize(axis_.interval_count());
      bucket.counts[interval] += count;
    }
  }

  base::Status Show(const SelectedSpan& span, uint32_t interval, const Value& value,
                    const std::vector<MentionedField>& mentioned) override {
    base::Status status;
    value.ForEach([&](const Scalar& one) {
      const std::optional<double> bound = BucketOf(one);
      if (!bound || !status.ok()) return;
      status = buckets_[*bound].picker.Offer(span, interval, SampleOf(one), mentioned);
    });
    return status;
  }

  bool MayShow(uint32_t interval, const SpanSum& spans, int64_t start_unix_nano) const override {
    return std::ranges::any_of(spans.buckets, [&](const SpanSum::Bucket& bucket) {
      const auto known = buckets_.find(bucket.bound);
      return known == buckets_.end() || known->second.picker.MayTake(interval, start_unix_nano);
    });
  }

  void AppendSeries(const std::vector<AnswerAttribute>& labels,
                    std::vector<Series>& series) override {
    for (auto& [bound, bucket] : buckets_) {
      Series one{.labels = labels, .exemplars = bucket.picker.Take()};
      SetAttribute(one.labels, {.key = "__bucket", .values = {bound}});
      for (const uint64_t count : bucket.counts) one.samples.push_back(static_cast<double>(count));
      series.push_back(std::move(one));
    }
  }

 private:
  struct Bucket {
    std::vector<uint64_t> counts;
    ExemplarPicker picker;
  };
  const TimeAxis& axis_;
  std::map<double, Bucket> buckets_;
};

}  // namespace

MeasuredAs MeasuredBy(MetricsFunction function) {
  switch (function) {
    case MetricsFunction::kRate:
    case MetricsFunction::kCountOverTime:
      return MeasuredAs::kSpans;
    case MetricsFunction::kQuantileOverTime:
    case MetricsFunction::kHistogramOverTime:
      return MeasuredAs::kBuckets;
    case MetricsFunction::kMinOverTime:
    case MetricsFunction::kMaxOverTime:
    case MetricsFunction::kSumOverTime:
    case MetricsFunction::kAvgOverTime:
      break;
  }
  return MeasuredAs::kTally;
}

std::unique_ptr<GroupMeasure> MakeGroupMeasure(const MetricsAggregate& aggregate,
                                               const TimeAxis& axis) {
  switch (MeasuredBy(aggregate.function)) {
    case MeasuredAs::kSpans:
      return std::make_unique<Counted>(axis, aggregate.function);
    case MeasuredAs::kBuckets:
      if (aggregate.function == MetricsFunction::kHistogramOverTime) {
        return std::make_unique<Buckets>(axis);
      }
      return std::make_unique<Quantiles>(axis, aggregate);
    case MeasuredAs::kTally:
      break;
  }
  return std::make_unique<Tallied>(axis, aggregate.function);
}

}  // namespace clew::query
