// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_api.h"

#include <string>
#include <string_view>
#include <utility>

#include "serve/counted_tags.h"
#include "serve/explain_api.h"
#include "serve/ledger_api.h"
#include "serve/ledger_set_api.h"
#include "serve/limits.h"
#include "serve/open_api.h"
#include "serve/tempo_metrics.h"
#include "serve/tempo_search.h"
#include "serve/tempo_tags.h"
#include "serve/tempo_traces.h"
#include "serve/trace/trace_api.h"

namespace clew::serve {
namespace {

using Function = base::Result<ApiReply> (*)(const ApiRequest&, QueryRun&);

ApiReply Answer(Queries& queries, std::string_view call, Function function,
                const ApiRequest& request) {
  ApiReply reply;
  std::string partial;
  const base::Status status =
      queries.Run(call, request, partial, [&](QueryRun& run) -> base::Status {
        reply = TRY(function(request, run));
        run.status = reply.status;
        return {};
      });
  if (!status.ok()) return ErrorReply(status.error());
  reply.partial = std::move(partial);
  return reply;
}

// The same of the spans in the request's body.
ApiReply AnswerOfFile(Queries& queries, std::string_view call, Function function,
                      const ApiRequest& request) {
  ApiReply reply;
  std::string partial;
  const auto answer = [&]() -> base::Status {
    const OpenedFile file = TRY(OpenSpanFile(request.body));
    return queries.RunOver({.memtables = {file.spans}, .blocks = {}}, call, request, partial,
                           [&](QueryRun& run) -> base::Status {
                             reply = function == nullptr ? DescribeOpened(file)
                                                         : TRY(function(request, run));
                             run.status = reply.status;
                             return {};
                           });
  };
  const base::Status status = answer();
  if (!status.ok()) return ErrorReply(status.error());
  reply.partial = std::move(partial);
  return reply;
}

// Where a file of spans is opened; with the path of a query behind it, it is asked that.
constexpr std::string_view kOpen = "/api/clew/v1/open";

void AddOpen(Router& router, Queries& queries, std::string_view pattern, Function function) {
  std::string path = std::string(kOpen).append(pattern);
  router.Add(
      "POST", path, RunsOn::kWorker,
      [&queries, function, path](const ApiRequest& request) {
        return AnswerOfFile(queries, path, function, request);
      },
      kOpenedFileBytes);
}

}  // namespace

void AddTempoApi(Router& router, Queries& queries) {
  const auto add_method = [&](std::string method, std::string_view pattern, Function function) {
    router.Add(std::move(method), pattern, RunsOn::kWorker,
               [&queries, function, call = std::string(pattern)](const ApiRequest& request) {
                 return Answer(queries, call, function, request);
               });
    AddOpen(router, queries, pattern, function);
  };
  const auto add = [&](std::string_view pattern, Function function) {
    add_method("GET", pattern, function);
  };
  add("/api/search", Search);
  add("/api/metrics/query_range", MetricsRange);
  add("/api/metrics/query", MetricsInstant);
  add("/api/search/tags", TagNames);
  add("/api/v2/search/tags", TagNamesV2);
  add("/api/search/tag/{name...}/values", TagValues);
  add("/api/v2/search/tag/{name...}/values", TagValuesV2);
  add("/api/traces/{id}", TraceById);
  add("/api/clew/v1/explain", Explain);
  add("/api/v2/traces/{id}", TraceByIdV2);
  add("/api/clew/v1/trace/{id}/ledger", LedgerOfTrace);
  add("/api/clew/v1/ledger", LedgerOfSet);
  add("/api/clew/v1/tags", CountedTagNames);
  add("/api/clew/v1/tag/{name...}/values", CountedTagValues);
  add("/api/clew/v1/tag/{name...}/traces", TracesOfTagValues);
  add("/api/clew/v1/trace/{id}/columns", ColumnsOfTrace);
  add("/api/clew/v1/trace/{id}/spans", SpansOfTrace);
  add_method("POST", "/api/clew/v1/trace/{id}/match", MatchesInTrace);
  AddOpen(router, queries, "", nullptr);
}

}  // namespace clew::serve
