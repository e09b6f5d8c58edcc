// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_search.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "serve/json_text.h"
#include "serve/search_parameters.h"

namespace clew::serve {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;
constexpr int64_t kNanosPerMilli = 1'000'000;
constexpr std::string_view kNoRoot = "<root span not yet received>";

query::SearchRequest QueryOf(SearchParameters search) {
  query::SearchRequest request;
  for (auto& [key, value] : search.tags) {
    request.tags.push_back({.key = std::move(key), .value = std::move(value)});
  }
  request.min_duration_ns = search.min_duration_ns;
  request.max_duration_ns = search.max_duration_ns;
  request.limit = search.limit;
  if (search.range) {
    request.start_unix_nano = search.range->start_seconds * kNanosPerSecond;
    request.end_unix_nano = search.range->end_seconds * kNanosPerSecond;
  }
  return request;
}

// Tempo writes ids of its search without leading zeros, and Grafana counts on it.
std::string ShortHex(const model::TraceId& id) {
  const std::string hex = id.ToHex();
  const size_t first = hex.find_first_not_of('0');
  return first == std::string::npos ? "0" : hex.substr(first);
}

void AppendStats(std::string& json, const query::TraceSummary& trace) {
  json.append(",\"serviceStats\":{");
  bool first = true;
  for (const query::ServiceStats& service : trace.services) {
    if (!std::exchange(first, false)) json.push_back(',');
    AppendJsonString(json, service.service);
    json.append(":{\"spanCount\":").append(std::to_string(service.span_count));
    if (service.error_count > 0) {
      json.append(",\"errorCount\":").append(std::to_string(service.error_count));
    }
    json.push_back('}');
  }
  json.push_back('}');
}

void AppendTrace(std::string& json, const query::TraceSummary& trace) {
  json.append("{\"traceID\":");
  AppendJsonString(json, ShortHex(trace.trace_id));
  json.append(",\"rootServiceName\":");
  AppendJsonString(json, trace.root_found ? std::string_view(trace.root_service) : kNoRoot);
  if (!trace.root_name.empty()) {
    json.append(",\"rootTraceName\":");
    AppendJsonString(json, trace.root_name);
  }
  json.append(",\"startTimeUnixNano\":\"").append(std::to_string(trace.start_unix_nano));
  json.push_back('"');
  const int64_t millis = std::clamp<int64_t>(trace.duration_ns / kNanosPerMilli, 0,
                                             std::numeric_limits<uint32_t>::max());
  if (millis > 0) json.append(",\"durationMs\":").append(std::to_string(millis));
  if (!trace.services.empty()) AppendStats(json, trace);
  json.push_back('}');
}

void AppendMetrics(std::string& json, const query::SearchResult& result) {
  const size_t before = json.size();
  if (result.inspected_traces > 0) {
    json.append(",\"inspectedTraces\":").append(std::to_string(result.inspected_traces));
  }
  if (result.inspected_bytes > 0) {
    json.append(",\"inspectedBytes\":\"").append(std::to_string(result.inspected_bytes));
    json.push_back('"');
  }
  if (json.size() > before) json.erase(before, 1);  // the first comma
}

}  // namespace

std::string SearchJson(const query::SearchResult& result) {
  std::string json = "{\"traces\":[";
  bool first = true;
  for (const query::TraceSummary& trace : result.traces) {
    if (!std::exchange(first, false)) json.push_back(',');
    AppendTrace(json, trace);
  }
  json.append("],\"metrics\":{");
  AppendMetrics(json, result);
  json.append("}}");
  return json;
}

ApiReply Search(const ApiRequest& request, const store::Memtable* memtable) {
  base::Result<SearchParameters> search = ParseSearchParameters(request);
  if (!search.ok()) return TextReply(400, search.error().message);
  if (memtable == nullptr) return {.body = SearchJson({})};
  return {.body = SearchJson(query::Search(*memtable, QueryOf(std::move(search).value())))};
}

}  // namespace clew::serve
