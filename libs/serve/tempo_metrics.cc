// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_metrics.h"

#include <cmath>
#include <optional>

#include "base/clock.h"
#include "serve/attribute_json.h"
#include "serve/metrics_parameters.h"
#include "serve/time_units.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

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
std::string SeriesJson(const query::MetricsAnswer& answer, query::ScanThreads* threads,
                       Write write) {
  constexpr size_t kSeriesAtATime = 256;
  std::vector<std::string> texts(answer.series.size() / kSeriesAtATime + 1);
  const auto write_range = [&](size_t first, size_t end) {
    wire::JsonWriter json;
    for (size_t i = first; i < end; ++i) {
      json.BeginObject();
      WriteAttributes(json, "labels", answer.series[i].labels);
      write(json, answer.series[i]);
      json.EndObject();
    }
    texts[first / kSeriesAtATime] = json.Take();
  };
  query::ForEachRange(threads, answer.series.size(), kSeriesAtATime, write_range);
  wire::JsonWriter json;
  json.BeginObject();
  json.Key("series");
  json.BeginArray();
  for (const std::string& text : texts) json.Values(text);
  json.EndArray();
  json.Key("metrics");
  json.BeginObject();
  json.EndObject();
  json.EndObject();
  return json.Take();
}

}  // namespace

std::string RangeJson(const query::MetricsAnswer& answer, query::ScanThreads* threads) {
  return SeriesJson(answer, threads, [&](wire::JsonWriter& json, const query::Series& series) {
    WriteSamples(json, answer.timestamps, series.samples);
    WriteExemplars(json, series.exemplars);
  });
}

std::string InstantJson(const query::MetricsAnswer& answer, query::ScanThreads* threads) {
  return SeriesJson(answer, threads, [](wire::JsonWriter& json, const query::Series& series) {
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

base::Result<query::MetricsAnswer> ComputeMetrics(const ApiRequest& request, QueryRun& run,
                                                  bool instant, query::ProgressListener* progress) {
  MetricsParameters asked =
      TRY(ParseMetricsParameters(request, instant, base::Clock::System().UnixNanos()));
  asked.options.memory = &run.memory;
  asked.options.threads = run.threads;
  asked.options.progress = progress;
  query::MetricsAnswer answer = TRY(
      query::RunMetrics(run.sources, asked.query, asked.options, request.cancelled, &run.notes));
  run.results = answer.series.size();
  return answer;
}

base::Result<ApiReply> MetricsRange(const ApiRequest& request, QueryRun& run) {
  const query::MetricsAnswer answer = TRY(ComputeMetrics(request, run, false));
  return ApiReply{.body = RangeJson(answer, run.threads)};
}

base::Result<ApiReply> MetricsInstant(const ApiRequest& request, QueryRun& run) {
  const query::MetricsAnswer answer = TRY(ComputeMetrics(request, run, true));
  return ApiReply{.body = InstantJson(answer, run.threads)};
}

}  // namespace clew::serve
