// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/group_measure.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "query/metrics/log2_histogram.h"
#include "traceql/words.h"

namespace clew::query {
namespace {

using traceql::MetricsAggregate;
using traceql::MetricsFunction;

std::vector<AnswerAttribute> Named(std::vector<AnswerAttribute> labels, MetricsFunction function) {
  if (labels.empty())
    labels.push_back({.key = kNameLabel, .values = {std::string(traceql::TextOf(function))}});
  return labels;
}

class Counted final : public GroupMeasure {
 public:
  Counted(const TimeAxis& axis, MetricsFunction function)
      : divisor_(function == MetricsFunction::kRate ? axis.step_seconds() : 1),
        function_(function),
        counts_(axis.interval_count()) {}

  void Add(uint32_t interval, const SpanSum& spans) override { counts_[interval] += spans.count; }

  void Join(const GroupMeasure& other) override {
    const std::vector<uint64_t>& counts = static_cast<const Counted&>(other).counts_;
    for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += counts[i];
  }

  void AppendSeries(const std::vector<AnswerAttribute>& labels,
                    std::vector<Series>& series) override {
    Series one{.labels = Named(labels, function_)};
    one.samples.reserve(counts_.size());
    for (const uint64_t count : counts_) {
      one.samples.push_back(static_cast<double>(count) / divisor_);
    }
    series.push_back(std::move(one));
  }

 private:
  const double divisor_;
  const MetricsFunction function_;
  std::vector<uint64_t> counts_;
};

class Tallied final : public GroupMeasure {
 public:
  Tallied(const TimeAxis& axis, MetricsFunction function)
      : function_(function), tallies_(axis.interval_count()) {}

  void Add(uint32_t interval, const SpanSum& spans) override {
    tallies_[interval].Add(*spans.tally);
  }

  void Join(const GroupMeasure& other) override {
    const std::vector<Tally>& tallies = static_cast<const Tallied&>(other).tallies_;
    for (size_t i = 0; i < tallies_.size(); ++i) tallies_[i].Add(tallies[i]);
  }

  void AppendSeries(const std::vector<AnswerAttribute>& labels,
                    std::vector<Series>& series) override {
    Series one{.labels = Named(labels, function_)};
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

class Quantiles final : public GroupMeasure {
 public:
  Quantiles(const TimeAxis& axis, const MetricsAggregate& aggregate)
      : aggregate_(aggregate), histograms_(axis.interval_count()) {}

  void Add(uint32_t interval, const SpanSum& spans) override {
    if (spans.buckets.empty()) return;
    Log2Histogram& histogram = histograms_[interval];
    histogram.Cover(spans.buckets.front().bucket, spans.buckets.back().bucket);
    for (const auto& [bucket, count] : spans.buckets) histogram.Add(bucket, count);
  }

  void Join(const GroupMeasure& other) override {
    const std::vector<Log2Histogram>& histograms = static_cast<const Quantiles&>(other).histograms_;
    for (size_t i = 0; i < histograms_.size(); ++i) histograms_[i].Add(histograms[i]);
  }

  void AppendSeries(const std::vector<AnswerAttribute>& labels,
                    std::vector<Series>& series) override {
    for (const traceql::Static& quantile : aggregate_.quantiles) {
      const double q = NumberOf(ScalarOf(quantile)).value_or(0);
      Series one{.labels = labels};
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
    for (const auto& [bucket, count] : spans.buckets) {
      std::vector<uint64_t>& counts = buckets_[bucket.bound()];
      counts.resize(axis_.interval_count());
      counts[interval] += count;
    }
  }

  void Join(const GroupMeasure& other) override {
    for (const auto& [bound, of_other] : static_cast<const Buckets&>(other).buckets_) {
      std::vector<uint64_t>& counts = buckets_[bound];
      counts.resize(axis_.interval_count());
      for (size_t i = 0; i < counts.size(); ++i) counts[i] += of_other[i];
    }
  }

  void AppendSeries(const std::vector<AnswerAttribute>& labels,
                    std::vector<Series>& series) override {
    for (const auto& [bound, counts] : buckets_) {
      Series one{.labels = labels, .origin = {.bucket = bound}};
      SetAttribute(one.labels, {.key = "__bucket", .values = {bound}});
      for (const uint64_t count : counts) one.samples.push_back(static_cast<double>(count));
      series.push_back(std::move(one));
    }
  }

 private:
  const TimeAxis& axis_;
  std::map<double, std::vector<uint64_t>> buckets_;  // by bound: counts by interval
};

}  // namespace

double SampleOf(const Scalar& value) {
  const double number = NumberOf(value).value_or(kNoSample);
  return std::holds_alternative<Duration>(value) ? number / 1e9 : number;
}

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
