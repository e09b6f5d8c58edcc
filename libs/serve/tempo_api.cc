// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_api.h"

#include <memory>
#include <string_view>

#include "ingest/ingestor.h"
#include "serve/tempo_search.h"
#include "serve/tempo_tags.h"
#include "serve/tempo_traces.h"

namespace clew::serve {

void AddTempoApi(Router& router, const store::TraceStore& store, const Readiness& readiness) {
  using Function = ApiReply (*)(const ApiRequest&, const store::Sources&);
  const auto add = [&](std::string_view pattern, Function function) {
    router.Add("GET", pattern, RunsOn::kWorker,
               [&store, &readiness, function](const ApiRequest& request) {
                 if (!readiness.is_ready()) return TextReply(503, readiness.Describe() + "\n");
                 return function(request, store.SourcesOf(ingest::kTenant));
               });
  };
  add("/api/search", Search);
  add("/api/search/tags", TagNames);
  add("/api/v2/search/tags", TagNamesV2);
  add("/api/search/tag/{name...}/values", TagValues);
  add("/api/v2/search/tag/{name...}/values", TagValuesV2);
  add("/api/traces/{id}", TraceById);
  add("/api/v2/traces/{id}", TraceByIdV2);
}

}  // namespace clew::serve
