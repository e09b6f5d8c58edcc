// SPDX-License-Identifier: Apache-2.0
// Spans are sorted into groups by their labels, then every group is made into series: one, or
// one for each quantile or bucket. A span whose field is no number that the function can take
// is as if it were not there, so it makes no series either.
#include "reference/range_function.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "reference/exemplars.h"
#include "reference/log2_histogram.h"
#include "reference/mentioned_fields.h"
#include "reference/numbers.h"
#include "reference/tally.h"
#include "traceql/print.h"
#include "traceql/words.h"

namespace clew::reference {
namespace {

using traceql::FieldExpr;
using traceql::MetricsAggregate;
using traceql::MetricsFunction;
using traceql::Static;
using Labels = std::vector<NamedValue>;

// Spans with equal labels.
struct Group {
  Labels labels{};
  std::vector<MeasuredSpan> spans{};
};

bool Counts(MetricsFunction function) {
  return function == MetricsFunction::kRate || function == MetricsFunction::kCountOverTime;
}

bool UsesBuckets(MetricsFunction function) {
  return function == MetricsFunction::kQuantileOverTime ||
         function == MetricsFunction::kHistogramOverTime;
}

// Labels without a value are left out, but for the first when none has one.
Labels LabelsOf(const std::vector<FieldExpr>& by, const SpanInTrace& span, FieldEvaluator& fields) {
  Labels labels;
  for (const FieldExpr& field : by) {
    FieldValue value = fields.Evaluate(field, span);
    if (value.present()) SetValue(labels, {traceql::Print(field), AsLabel(std::move(value))});
  }
  if (labels.empty() && !by.empty()) {
    labels.push_back({traceql::Print(by.front()), FieldValue::Of(std::string("nil"))});
  }
  return labels;
}

// The values that the function counts.
std::vector<Static> MeasuresOf(const MetricsAggregate& aggregate, const SpanInTrace& span,
                               FieldEvaluator& fields) {
  std::vector<Static> measures;
  for (const Static& value : fields.Evaluate(*aggregate.field, span).values) {
    const bool number = NumberOf(value) && !IsNaN(FieldValue::Of(value));
    const bool fits = UsesBuckets(aggregate.function) ? BucketOf(value).has_value() : number;
    if (fits) measures.push_back(value);
  }
  return measures;
}

std::vector<Group> GroupsOf(const MetricsAggregate& aggregate,
                            const std::vector<SpanInTrace>& spans, const TimeAxis& axis,
                            FieldEvaluator& fields) {
  std::map<std::string, Group> groups;
  for (const SpanInTrace& span : spans) {
    MeasuredSpan measured{.span = span, .interval = axis.IntervalOf(span.span().start_ns)};
    if (!Counts(aggregate.function)) {
      measured.measures = MeasuresOf(aggregate, span, fields);
      if (measured.measures.empty()) continue;
    }
    Labels labels = LabelsOf(aggregate.by, span, fields);
    Group& group = groups[LabelText(labels)];
    group.labels = std::move(labels);
    group.spans.push_back(std::move(measured));
  }
  std::vector<Group> list;
  list.reserve(groups.size());
  for (auto& [text, group] : groups) list.push_back(std::move(group));
  return list;
}

std::vector<std::optional<double>> CountSamples(const Group& group, const TimeAxis& axis,
                                                double divisor) {
  std::vector<std::optional<double>> samples(axis.interval_count(), 0.0);
  for (const MeasuredSpan& span : group.spans) *samples[span.interval] += 1;
  for (std::optional<double>& sample : samples) *sample /= divisor;
  return samples;
}

std::optional<double> TallySample(MetricsFunction function, const Tally& tally) {
  if (tally.count() == 0) return std::nullopt;
  if (function == MetricsFunction::kMinOverTime) return SampleOf(*tally.Min());
  if (function == MetricsFunction::kMaxOverTime) return SampleOf(*tally.Max());
  if (function == MetricsFunction::kSumOverTime) return tally.SumSample();
  return tally.SumSample() / static_cast<double>(tally.count());
}

std::vector<std::optional<double>> TallySamples(MetricsFunction function, const Group& group,
                                                const TimeAxis& axis) {
  std::vector<Tally> tallies(axis.interval_count());
  for (const MeasuredSpan& span : group.spans) {
    for (const Static& measure : span.measures) {
      tallies[span.interval].Add(FieldValue::Of(measure));
    }
  }
  std::vector<std::optional<double>> samples;
  samples.reserve(tallies.size());
  for (const Tally& tally : tallies) samples.push_back(TallySample(function, tally));
  return samples;
}

// Makes series of groups.
class SeriesMaker {
 public:
  SeriesMaker(const MetricsAggregate& aggregate, const TimeAxis& axis,
              std::vector<const FieldExpr*> mentioned)
      : aggregate_(aggregate), axis_(axis), mentioned_(std::move(mentioned)) {}

  std::vector<Series> SeriesOf(const Group& group) const {
    if (aggregate_.function == MetricsFunction::kQuantileOverTime) return QuantileSeries(group);
    if (aggregate_.function == MetricsFunction::kHistogramOverTime) return BucketSeries(group);
    return {OneSeries(group)};
  }

 private:
  Series OneSeries(const Group& group) const {
    Series series{.labels = group.labels, .exemplars = ExemplarsOf(group.spans, mentioned_)};
    if (Counts(aggregate_.function)) {
      const bool rate = aggregate_.function == MetricsFunction::kRate;
      series.samples = CountSamples(group, axis_, rate ? axis_.step_seconds() : 1);
      TakeValuesFromSamples(series);
    } else {
      series.samples = TallySamples(aggregate_.function, group, axis_);
    }
    if (series.labels.empty()) {
      const std::string name(traceql::TextOf(aggregate_.function));
      series.labels.push_back({kNameLabel, FieldValue::Of(name)});
    }
    return series;
  }

  std::vector<Series> QuantileSeries(const Group& group) const {
    std::vector<Log2Histogram> histograms(axis_.interval_count());
    for (const MeasuredSpan& span : group.spans) {
      for (const Static& measure : span.measures) {
        histograms[span.interval].Add(*BucketOf(measure));
      }
    }
    std::vector<Series> list;
    for (const Static& quantile : aggregate_.quantiles) {
      const double q = *NumberOf(quantile);
      Series series{.labels = group.labels, .exemplars = ExemplarsOf(group.spans, mentioned_)};
      SetValue(series.labels, {"p", FieldValue::Of(q)});
      for (const Log2Histogram& histogram : histograms) {
        series.samples.emplace_back(histogram.Quantile(q));
      }
      list.push_back(std::move(series));
    }
    return list;
  }

  std::vector<Series> BucketSeries(const Group& group) const {
    std::map<double, Group> buckets;
    for (const MeasuredSpan& span : group.spans) {
      for (const Static& measure : span.measures) {
        Group& bucket = buckets[*BucketOf(measure)];
        bucket.spans.push_back(span);
        bucket.spans.back().measures = {measure};
      }
    }
    std::vector<Series> list;
    for (const auto& [bound, bucket] : buckets) {
      Series series{.labels = group.labels,
                    .samples = CountSamples(bucket, axis_, 1),
                    .exemplars = ExemplarsOf(bucket.spans, mentioned_)};
      SetValue(series.labels, {"__bucket", FieldValue::Of(bound)});
      list.push_back(std::move(series));
    }
    return list;
  }

  const MetricsAggregate& aggregate_;
  const TimeAxis& axis_;
  const std::vector<const FieldExpr*> mentioned_;
};

}  // namespace

std::vector<Series> RunRangeFunction(const traceql::MetricsQuery& query,
                                     const std::vector<SpanInTrace>& spans, const TimeAxis& axis,
                                     FieldEvaluator& fields) {
  const auto& aggregate = std::get<MetricsAggregate>(query.function);
  const SeriesMaker maker(aggregate, axis, MentionedFields(query));
  std::vector<Series> all;
  for (const Group& group : GroupsOf(aggregate, spans, axis, fields)) {
    for (Series& series : maker.SeriesOf(group)) all.push_back(std::move(series));
  }
  return all;
}

}  // namespace clew::reference
