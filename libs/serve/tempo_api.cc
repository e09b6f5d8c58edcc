// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_api.h"

#include <memory>
#include <string_view>

#include "ingest/ingestor.h"
#include "query/left_out.h"
#include "serve/damage_log.h"
#include "serve/explain_api.h"
#include "serve/tempo_metrics.h"
#include "serve/tempo_search.h"
#include "serve/tempo_tags.h"
#include "serve/tempo_traces.h"

namespace clew::serve {
namespace {

using Function = ApiReply (*)(const ApiRequest&, const store::Sources&, query::LeftOut&);

}  // namespace

void AddTempoApi(Router& router, const store::TraceStore& store, const Readiness& readiness) {
  const auto damage = std::make_shared<DamageLog>();
  const auto add = [&](std::string_view pattern, Function function) {
    router.Add("GET", pattern, RunsOn::kWorker,
               [&store, &readiness, function, damage](const ApiRequest& request) {
                 if (!readiness.is_ready()) return TextReply(503, readiness.Describe() + "\n");
                 query::LeftOut left_out;
                 ApiReply reply = function(request, store.SourcesOf(ingest::kTenant), left_out);
                 if (!left_out.empty()) reply.partial = damage->Report(left_out);
                 return reply;
               });
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
}

}  // namespace clew::serve
