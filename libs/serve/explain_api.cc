// SPDX-License-Identifier: Apache-2.0
#include "serve/explain_api.h"

#include <string>
#include <utility>
#include <variant>

#include "base/clock.h"
#include "query/metrics/metrics_query.h"
#include "query/plan/metrics_plan.h"
#include "query/plan/plan_text.h"
#include "query/plan/run_text.h"
#include "query/plan/search_plan.h"
#include "query/traceql_search.h"
#include "serve/metrics_parameters.h"
#include "serve/search_parameters.h"
#include "serve/traceql_query.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

struct Explained {
  std::string plan, sources;
  size_t results = 0;
  std::string found{};  // what they are, "3 traces"
  int64_t took_ns = 0;
};

base::Result<Explained> ExplainSearch(const ApiRequest& request, QueryRun& run) {
  const SearchParameters search = TRY(ParseSearchParameters(request));
  query::TraceqlRequest asked = TraceqlRequestOf(search);
  asked.memory = &run.memory;
  query::Regexes regexes;
  Explained explained{.plan = query::Print(query::PlanSearch(asked, regexes)),
                      .sources = query::Print(run.sources, asked.range)};
  const auto result = TRY(query::Search(run.sources, asked, request.cancelled, &run.notes));
  explained.results = result.traces.size();
  explained.found = query::Count(explained.results, "trace");
  return explained;
}

base::Result<Explained> ExplainMetrics(const ApiRequest& request, QueryRun& run) {
  MetricsParameters asked =
      TRY(ParseMetricsParameters(request, false, base::Clock::System().UnixNanos()));
  asked.options.memory = &run.memory;
  asked.options.threads = run.threads;
  query::Regexes regexes;
  const auto plan = TRY(query::PlanMetrics(asked.query, asked.options, regexes));
  Explained explained{.plan = query::Print(plan),
                      .sources = query::Print(run.sources, plan.axis.range())};
  const auto answer = TRY(
      query::RunMetrics(run.sources, asked.query, asked.options, request.cancelled, &run.notes));
  explained.results = answer.series.size();
  explained.found = std::to_string(explained.results) + " series";
  return explained;
}

base::Result<Explained> RunAndExplain(const ApiRequest& request, QueryRun& run) {
  const std::optional<std::string_view> q = request.Parameter("q");
  if (!q) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "the parameter q is missing: the query to explain, as in q={ }"};
  }
  const traceql::Query query = TRY(ParseTraceql(*q));
  const bool searches = std::holds_alternative<traceql::SpansetPipeline>(query.root);
  return searches ? ExplainSearch(request, run) : ExplainMetrics(request, run);
}

std::string TextOf(const Explained& explained, const query::RunCounters& counters) {
  query::PlanText took;
  took.Add("took", query::DurationText(explained.took_ns) + " for " + explained.found);
  return explained.plan + explained.sources + query::Print(counters) + took.Take();
}

void WriteCounters(wire::JsonWriter& json, const query::RunCounters& counters) {
  const auto add = [&](std::string_view name, uint64_t value) {
    json.Key(name);
    json.Number(static_cast<int64_t>(value));
  };
  json.BeginObject();
  add("memtables", counters.memtables);
  add("blocks", counters.blocks);
  add("blocksOutside", counters.blocks_outside);
  add("rowGroups", counters.row_groups);
  add("rowGroupsOutside", counters.row_groups_outside);
  add("rowGroupsWithout", counters.row_groups_without);
  add("rows", counters.rows);
  add("bytes", counters.bytes);
  add("traces", counters.traces);
  add("assembledTraces", counters.assembled_traces);
  json.EndObject();
}

std::string JsonOf(const Explained& explained, const query::RunCounters& counters) {
  wire::JsonWriter json;
  json.BeginObject();
  json.Key("plan");
  json.String(explained.plan);
  json.Key("sources");
  json.String(explained.sources);
  json.Key("results");
  json.Number(static_cast<int64_t>(explained.results));
  json.Key("tookMs");
  json.Number(static_cast<double>(explained.took_ns) / 1e6);
  json.Key("counters");
  WriteCounters(json, counters);
  json.EndObject();
  return json.Take();
}

}  // namespace

base::Result<ApiReply> Explain(const ApiRequest& request, QueryRun& run) {
  const base::Clock& clock = base::Clock::System();
  const int64_t start = clock.MonotonicNanos();
  Explained explained = TRY(RunAndExplain(request, run));
  explained.took_ns = clock.MonotonicNanos() - start;
  run.results = explained.results;
  if (request.accept.starts_with("text/plain")) {
    return TextReply(200, TextOf(explained, run.notes.counters()));
  }
  return ApiReply{.body = JsonOf(explained, run.notes.counters())};
}

}  // namespace clew::serve
