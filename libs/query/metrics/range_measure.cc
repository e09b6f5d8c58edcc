// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/range_measure.h"

#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "query/eval/tally.h"
#include "query/metrics/exemplar_picker.h"
#include "query/metrics/label_groups.h"
#include "query/metrics/log2_histogram.h"
#include "traceql/words.h"

namespace clew::query {
namespace {

using traceql::MetricsAggregate;
using traceql::MetricsFunction;

constexpr std::string_view kAdvice =
    "by() makes very many series; group by something with fewer values, or take a longer step, or "
    "narrow the filter or the time range";

// Durations in seconds.
double SampleOf(const Scalar& value) {
  const double number = NumberOf(value).value_or(kNoSample);
  return std::holds_alternative<Duration>(value) ? number / 1e9 : number;
}

// What a series is made of: the spans of one group.
class GroupMeasure {
 public:
  explicit GroupMeasure(const TimeAxis& axis) : axis_(axis) {}
  virtual ~GroupMeasure() = default;
  // `value` is that of the field; nil where the function has none.
  virtual base::Status Add(const SelectedSpan& span, const Value& value,
                           const std::vector<MentionedField>* mentioned) = 0;
  virtual void AppendSeries(const std::vector<AnswerAttribute>& labels,
                            std::vector<Series>& series) = 0;

 protected:
  uint32_t IntervalOf(const SelectedSpan& span) const {
    return static_cast<uint32_t>(axis_.IntervalOf(span.start_unix_nano));
  }
  const TimeAxis& axis_;
};

std::vector<AnswerAttribute> Named(std::vector<AnswerAttribute> labels, MetricsFunction function) {
  if (labels.empty())
    labels.push_back({.key = kNameLabel, .values = {std::string(traceql::TextOf(function))}});
  return labels;
}

class Counted final : public GroupMeasure {
 public:
  Counted(const TimeAxis& axis, MetricsFunction function)
      : GroupMeasure(axis), function_(function), counts_(axis.interval_count()) {}

  base::Status Add(const SelectedSpan& span, const Value&,
                   const std::vector<MentionedField>* mentioned) override {
    const uint32_t interval = IntervalOf(span);
    ++counts_[interval];
    if (mentioned == nullptr) return {};
    return picker_.Offer(span, interval, 0, *mentioned);
  }

  void AppendSeries(const std::vector<AnswerAttribute>& labels,
                    std::vector<Series>& series) override {
    const double divisor = function_ == MetricsFunction::kRate ? axis_.step_seconds() : 1;
    Series one{.labels = Named(labels, function_), .exemplars = picker_.Take()};
    for (const uint64_t count : counts_) {
      one.samples.push_back(static_cast<double>(count) / divisor);
    }
    for (Exemplar& exemplar : one.exemplars) exemplar.value = one.samples[exemplar.interval];
    series.push_back(std::move(one));
  }

 private:
  const MetricsFunction function_;
  std::vector<uint64_t> counts_;
  ExemplarPicker picker_;
};

class Tallied final : public GroupMeasure {
 public:
  Tallied(const TimeAxis& axis, MetricsFunction function)
      : GroupMeasure(axis), function_(function), tallies_(axis.interval_count()) {}

  base::Status Add(const SelectedSpan& span, const Value& value,
                   const std::vector<MentionedField>* mentioned) override {
    const uint32_t interval = IntervalOf(span);
    tallies_[interval].Add(value);
    if (mentioned == nullptr) return {};
    std::optional<double> first;
    value.ForEach([&](const Scalar& one) {
      if (!first && NumberOf(one) && !IsNaN(one)) first = SampleOf(one);
    });
    return picker_.Offer(span, interval, first.value_or(0), *mentioned);
  }

  void AppendSeries(const std::vector<AnswerAttribute>& labels,
                    std::vector<Series>& series) override {
    Series one{.labels = Named(labels, function_), .exemplars = picker_.Take()};
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
  ExemplarPicker picker_;
};

class Quantiles final : public GroupMeasure {
 public:
  Quantiles(const TimeAxis& axis, const MetricsAggregate& aggregate)
      : GroupMeasure(axis), aggregate_(aggregate), histograms_(axis.interval_count()) {}

  base::Status Add(const SelectedSpan& span, const Value& value,
                   const std::vector<MentionedField>* mentioned) override {
    const uint32_t interval = IntervalOf(span);
    std::optional<double> first;
    value.ForEach([&](const Scalar& one) {
      const std::optional<double> bucket = BucketOf(one);
      if (!bucket) return;
      histograms_[interval].Add(*bucket);
      if (!first) first = SampleOf(one);
    });
    if (mentioned == nullptr) return {};
    return picker_.Offer(span, interval, first.value_or(0), *mentioned);
  }

  void AppendSeries(const std::vector<AnswerAttribute>& labels,
                    std::vector<Series>& series) override {
    const std::vector<Exemplar> exemplars = picker_.Take();
    for (const traceql::Static& quantile : aggregate_.quantiles) {
      const double q = NumberOf(ScalarOf(quantile)).value_or(0);
      Series one{.labels = labels, .exemplars = exemplars};
      SetAttribute(one.labels, {.key = "p", .values = {q}});
      for (const Log2Histogram& histogram : histograms_) {
        one.samples.push_back(histogram.Quantile(q));
      }
      series.push_back(std::move(one));
    }
  }

 private:
  const MetricsAggregate& aggregate_;
  std::vector<Log2Histogram> histograms_;
  ExemplarPicker picker_;
};

class Buckets final : public GroupMeasure {
 public:
  explicit Buckets(const TimeAxis& axis) : GroupMeasure(axis) {}

  base::Status Add(const SelectedSpan& span, const Value& value,
                   const std::vector<MentionedField>* mentioned) override {
    const uint32_t interval = IntervalOf(span);
    base::Status status;
    value.ForEach([&](const Scalar& one) {
      const std::optional<double> bound = BucketOf(one);
      if (!bound || !status.ok()) return;
      Bucket& bucket = buckets_[*bound];
      bucket.counts.resize(axis_.interval_count());
      ++bucket.counts[interval];
      if (mentioned != nullptr) {
        status = bucket.picker.Offer(span, interval, SampleOf(one), *mentioned);
      }
    });
    return status;
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
  std::map<double, Bucket> buckets_;
};

class RangeMeasure final : public SpanMeasure {
 public:
  RangeMeasure(const MetricsAggregate& aggregate, const TimeAxis& axis,
               const std::vector<MentionedField>* mentioned, MemoryBudget* memory)
      : aggregate_(aggregate),
        axis_(axis),
        mentioned_(mentioned),
        memory_(memory),
        groups_(aggregate.by) {}

  base::Status Add(const SelectedSpan& span) override {
    Value value;
    if (aggregate_.field != nullptr) {
      value = TRY(span.fields.Get(*aggregate_.field))->Evaluate(span.at);
      if (!IsTaken(value)) return {};
    }
    const size_t group = TRY(groups_.GroupOf(span));
    if (group == measures_.size()) {
      TRY(MemoryBudget::Charge(memory_, BytesOfGroup(group), kAdvice));
      measures_.push_back(MakeMeasure());
    }
    return measures_[group]->Add(span, value, mentioned_);
  }

  std::vector<Series> Take() override {
    std::vector<Series> series;
    for (size_t group = 0; group < measures_.size(); ++group) {
      measures_[group]->AppendSeries(groups_.labels(group), series);
    }
    return series;
  }

 private:
  // Whether it has a number that the function can do something with.
  bool IsTaken(const Value& value) const {
    const bool bucketed = aggregate_.function == MetricsFunction::kQuantileOverTime ||
                          aggregate_.function == MetricsFunction::kHistogramOverTime;
    bool taken = false;
    value.ForEach([&](const Scalar& one) {
      taken = taken || (bucketed ? BucketOf(one).has_value() : NumberOf(one) && !IsNaN(one));
    });
    return taken;
  }

  // What a group takes until its series are written: its labels, which are kept as a text too,
  // and what it has for each interval.
  uint64_t BytesOfGroup(size_t group) const {
    constexpr uint64_t kBytesOfLabel = 256;
    constexpr uint64_t kBuckets = 8;  // that hold most durations of one operation
    const uint64_t labels = kBytesOfLabel * (1 + groups_.labels(group).size());
    uint64_t of_interval = sizeof(double) + sizeof(uint64_t);
    switch (aggregate_.function) {
      case MetricsFunction::kRate:
      case MetricsFunction::kCountOverTime:
        break;
      case MetricsFunction::kQuantileOverTime:
        of_interval = sizeof(Log2Histogram) + sizeof(double) * aggregate_.quantiles.size();
        break;
      case MetricsFunction::kHistogramOverTime:
        of_interval *= kBuckets;
        break;
      case MetricsFunction::kMinOverTime:
      case MetricsFunction::kMaxOverTime:
      case MetricsFunction::kSumOverTime:
      case MetricsFunction::kAvgOverTime:
        of_interval = sizeof(Tally) + sizeof(double);
        break;
    }
    return labels + of_interval * axis_.interval_count();
  }

  std::unique_ptr<GroupMeasure> MakeMeasure() const {
    switch (aggregate_.function) {
      case MetricsFunction::kRate:
      case MetricsFunction::kCountOverTime:
        return std::make_unique<Counted>(axis_, aggregate_.function);
      case MetricsFunction::kQuantileOverTime:
        return std::make_unique<Quantiles>(axis_, aggregate_);
      case MetricsFunction::kHistogramOverTime:
        return std::make_unique<Buckets>(axis_);
      case MetricsFunction::kMinOverTime:
      case MetricsFunction::kMaxOverTime:
      case MetricsFunction::kSumOverTime:
      case MetricsFunction::kAvgOverTime:
        break;
    }
    return std::make_unique<Tallied>(axis_, aggregate_.function);
  }

  const MetricsAggregate& aggregate_;
  const TimeAxis& axis_;
  const std::vector<MentionedField>* const mentioned_;  // null: no exemplars
  MemoryBudget* const memory_;
  LabelGroups groups_;
  std::vector<std::unique_ptr<GroupMeasure>> measures_;  // by group
};

}  // namespace

std::unique_ptr<SpanMeasure> MakeRangeMeasure(const MetricsAggregate& aggregate,
                                              const TimeAxis& axis,
                                              const std::vector<MentionedField>* mentioned,
                                              MemoryBudget* memory) {
  return std::make_unique<RangeMeasure>(aggregate, axis, mentioned, memory);
}

}  // namespace clew::query
