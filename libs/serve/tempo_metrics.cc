// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_metrics.h"

#include <cmath>
#include <optional>

#include "base/clock.h"
#include "serve/attribute_json.h"
#include "serve/metrics_parameters.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;

void WriteTime(wire::JsonWriter& json, int64_t unix_nano) {
  json.Key("timestampMs");
  json.NumberAsString(unix_nano / kNanosPerMilli);
}

void WriteSamples(wire::JsonWriter& json, const std::vector<int64_t>& timestamps,
                  const std::vector<double>& samples) {
  json.Key("samples");
  json.BeginArray();
  for (size_t i = 0; i < samples.size(); ++i) {
    if (std::isnan(samples[i])) continue;
    json.BeginObject();
    WriteTime(json, timestamps[i]);
    json.Key("value");
    json.Number(samples[i]);
    json.EndObject();
  }
  json.EndArray();
}

void WriteExemplars(wire::JsonWriter& json, const std::vector<query::Exemplar>& exemplars) {
  if (exemplars.empty()) return;
  json.Key("exemplars");
  json.BeginArray();
  for (const query::Exemplar& exemplar : exemplars) {
    json.BeginObject();
    WriteAttributes(json, "labels", ExemplarLabels(exemplar));
    json.Key("value");
    json.Number(exemplar.value);
    WriteTime(json, exemplar.unix_nano);
    json.EndObject();
  }
  json.EndArray();
}

// An object with the series as `write` has each.
template <typename Write>
std::string SeriesJson(const query::MetricsAnswer& answer, Write write) {
  wire::JsonWriter json;
  json.BeginObject();
  json.Key("series");
  json.BeginArray();
  for (const query::Series& series : answer.series) {
    json.BeginObject();
    WriteAttributes(json, "labels", series.labels);
    write(json, series);
    json.EndObject();
  }
  json.EndArray();
  json.Key("metrics");
  json.BeginObject();
  json.EndObject();
  json.EndObject();
  return json.Take();
}

}  // namespace

std::string RangeJson(const query::MetricsAnswer& answer) {
  return SeriesJson(answer, [&](wire::JsonWriter& json, const query::Series& series) {
    WriteSamples(json, answer.timestamps, series.samples);
    WriteExemplars(json, series.exemplars);
  });
}

std::string InstantJson(const query::MetricsAnswer& answer) {
  return SeriesJson(answer, [](wire::JsonWriter& json, const query::Series& series) {
    json.Key("value");
    json.Number(series.samples.front());
  });
}

std::vector<query::AnswerAttribute> ExemplarLabels(const query::Exemplar& exemplar) {
  std::vector<query::AnswerAttribute> labels = {
      {.key = "trace:id", .values = {exemplar.trace_id.ToHex()}}};
  labels.insert(labels.end(), exemplar.labels.begin(), exemplar.labels.end());
  return labels;
}

base::Result<query::MetricsAnswer> ComputeMetrics(const ApiRequest& request,
                                                  const store::Sources& sources, bool instant,
                                                  query::LeftOut& left_out) {
  const MetricsParameters asked =
      TRY(ParseMetricsParameters(request, instant, base::Clock::System().UnixNanos()));
  return query::RunMetrics(sources, asked.query, asked.options, request.cancelled, &left_out);
}

ApiReply MetricsRange(const ApiRequest& request, const store::Sources& sources,
                      query::LeftOut& left_out) {
  const auto answer = ComputeMetrics(request, sources, false, left_out);
  if (!answer.ok()) return ErrorReply(answer.error());
  return {.body = RangeJson(answer.value())};
}

ApiReply MetricsInstant(const ApiRequest& request, const store::Sources& sources,
                        query::LeftOut& left_out) {
  const auto answer = ComputeMetrics(request, sources, true, left_out);
  if (!answer.ok()) return ErrorReply(answer.error());
  return {.body = InstantJson(answer.value())};
}

}  // namespace clew::serve
