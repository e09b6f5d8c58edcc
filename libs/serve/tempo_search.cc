// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_search.h"

#include <utility>

#include "query/traceql_search.h"
#include "serve/search_parameters.h"
#include "serve/spanset_json.h"
#include "serve/summary_texts.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

base::Result<query::SearchResult> SearchByTags(SearchParameters search,
                                               const std::stop_token& cancelled, QueryRun& run,
                                               query::SearchListener* listener) {
  query::SearchRequest request;
  request.listener = listener;
  for (auto& [key, value] : search.tags) {
    request.tags.push_back({.key = std::move(key), .value = std::move(value)});
  }
  request.min_duration_ns = search.min_duration_ns;
  request.max_duration_ns = search.max_duration_ns;
  request.limit = search.limit;
  request.range = search.range;
  request.memory = &run.memory;
  return query::Search(run.sources, request, cancelled, &run.notes);
}

base::Result<query::SearchResult> SearchByQuery(const SearchParameters& search,
                                                const std::stop_token& cancelled, QueryRun& run,
                                                query::SearchListener* listener) {
  query::TraceqlRequest request = TraceqlRequestOf(search);
  request.listener = listener;
  request.memory = &run.memory;
  return query::Search(run.sources, request, cancelled, &run.notes);
}

void WriteStats(wire::JsonWriter& json, const std::vector<query::ServiceStats>& services) {
  if (services.empty()) return;
  json.Key("serviceStats");
  json.BeginObject();
  for (const query::ServiceStats& service : services) {
    json.Key(service.service);
    json.BeginObject();
    json.Key("spanCount");
    json.Number(int64_t{service.span_count});
    if (service.error_count > 0) {
      json.Key("errorCount");
      json.Number(int64_t{service.error_count});
    }
    json.EndObject();
  }
  json.EndObject();
}

void WriteTrace(wire::JsonWriter& json, const query::TraceSummary& trace) {
  json.BeginObject();
  json.Key("traceID");
  json.String(ShortHex(trace.trace_id));
  json.Key("rootServiceName");
  json.String(RootService(trace));
  if (!trace.root_name.empty()) {
    json.Key("rootTraceName");
    json.String(trace.root_name);
  }
  json.Key("startTimeUnixNano");
  json.NumberAsString(trace.start_unix_nano);
  if (const uint32_t millis = DurationMillis(trace); millis > 0) {
    json.Key("durationMs");
    json.Number(int64_t{millis});
  }
  WriteSpansets(json, trace);
  WriteStats(json, trace.services);
  json.EndObject();
}

void WriteMetrics(wire::JsonWriter& json, const query::SearchResult& result) {
  json.BeginObject();
  if (result.inspected_traces > 0) {
    json.Key("inspectedTraces");
    json.Number(static_cast<int64_t>(result.inspected_traces));
  }
  if (result.inspected_bytes > 0) {
    json.Key("inspectedBytes");
    json.NumberAsString(static_cast<int64_t>(result.inspected_bytes));
  }
  json.EndObject();
}

}  // namespace

std::string SearchJson(const query::SearchResult& result) {
  wire::JsonWriter json;
  json.BeginObject();
  json.Key("traces");
  json.BeginArray();
  for (const query::TraceSummary& trace : result.traces) WriteTrace(json, trace);
  json.EndArray();
  json.Key("metrics");
  WriteMetrics(json, result);
  json.EndObject();
  return json.Take();
}

base::Result<query::SearchResult> FindTraces(const ApiRequest& request, QueryRun& run,
                                             query::SearchListener* listener) {
  SearchParameters search = TRY(ParseSearchParameters(request));
  if (run.sources.empty()) return query::SearchResult();
  query::SearchResult result =
      search.pipeline ? TRY(SearchByQuery(search, request.cancelled, run, listener))
                      : TRY(SearchByTags(std::move(search), request.cancelled, run, listener));
  run.results = result.traces.size();
  return result;
}

base::Result<ApiReply> Search(const ApiRequest& request, QueryRun& run) {
  return ApiReply{.body = SearchJson(TRY(FindTraces(request, run)))};
}

}  // namespace clew::serve
