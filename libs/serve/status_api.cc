// SPDX-License-Identifier: Apache-2.0
#include "serve/status_api.h"

#include <string>

#include "serve/query_status.h"
#include "serve/server_metrics.h"

namespace clew::serve {
namespace {

ApiReply Ready(const Readiness& readiness) {
  return TextReply(readiness.is_ready() ? 200 : 503, readiness.Describe() + "\n");
}

// Front ends switch features on by the version they read here, so it is that of
// the Tempo API this server speaks; our own is in the revision.
ApiReply BuildInfo(const std::string& version) {
  return {.body = R"({"version":"3.0.0","revision":"clew-)" + version +
                  R"(","branch":"","buildDate":"","buildUser":"","goVersion":""})"};
}

// Everything that was acknowledged becomes blocks before the answer.
ApiReply Flush(const StatusSources& sources) {
  if (!sources.readiness.is_ready()) return TextReply(503, sources.readiness.Describe() + "\n");
  const base::Status flushed = sources.store.Flush();
  if (!flushed.ok()) return TextReply(500, flushed.error().message + "\n");
  return {.status = 204, .content_type = {}, .body = {}};
}

}  // namespace

void AddStatusApi(Router& router, const StatusSources& sources) {
  router.Add("GET", "/api/echo", RunsOn::kLoop,
             [](const ApiRequest&) { return TextReply(200, "echo\n"); });
  router.Add("GET", "/ready", RunsOn::kLoop,
             [sources](const ApiRequest&) { return Ready(sources.readiness); });
  router.Add("GET", "/status", RunsOn::kLoop, [sources](const ApiRequest& request) {
    return TextReply(200, StatusText(sources.queries, request, sources.readiness, sources.version));
  });
  router.Add("GET", "/api/clew/v1/queries", RunsOn::kLoop, [sources](const ApiRequest& request) {
    return ApiReply{.body = QueriesJson(sources.queries, request)};
  });
  router.Add("GET", "/metrics", RunsOn::kLoop, [sources](const ApiRequest& request) {
    return ApiReply{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                    .body = ServerMetrics(sources, request)};
  });
  for (const char* method : {"GET", "POST"}) {  // Tempo takes both
    router.Add(method, "/flush", RunsOn::kWorker,
               [sources](const ApiRequest&) { return Flush(sources); });
  }
  router.Add("GET", "/api/status/buildinfo", RunsOn::kLoop,
             [sources](const ApiRequest&) { return BuildInfo(sources.version); });
}

}  // namespace clew::serve
