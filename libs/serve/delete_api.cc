// SPDX-License-Identifier: Apache-2.0
#include "serve/delete_api.h"

#include <optional>
#include <string>
#include <string_view>

#include "serve/tenant.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

std::string JsonOf(const store::Deleted& deleted) {
  wire::JsonWriter out;
  out.BeginObject();
  out.Key("spans");
  out.Number(static_cast<int64_t>(deleted.spans));
  out.Key("rewrittenBlocks");
  out.Number(static_cast<int64_t>(deleted.rewritten_blocks));
  out.Key("removedBlocks");
  out.Number(static_cast<int64_t>(deleted.removed_blocks));
  out.EndObject();
  return out.Take();
}

ApiReply Delete(store::TraceStore& store, std::string_view tenant,
                std::optional<model::TraceId> trace_id) {
  const auto deleted = store.Delete(tenant, trace_id);
  // All that is wrong now is wrong with the server.
  if (!deleted.ok()) return TextReply(500, deleted.error().message + "\n");
  if (deleted.value().spans > 0) return {.body = JsonOf(deleted.value())};
  return TextReply(404, trace_id ? "there is no trace " + trace_id->ToHex() + "\n"
                                 : "there are no spans of tenant " + std::string(tenant) + "\n");
}

ApiReply DeleteTrace(store::TraceStore& store, const ApiRequest& request) {
  const std::optional<model::TraceId> id = model::TraceId::FromHex(request.path_argument);
  if (id) return Delete(store, TenantOf(request), id);
  return TextReply(400, "a trace ID is 1 to 32 hex digits: '" + request.path_argument + "'\n");
}

ApiReply DeleteTenant(store::TraceStore& store, const ApiRequest& request) {
  if (!request.tenant.empty() && request.tenant != request.path_argument) {
    return TextReply(403, "only tenant " + request.tenant + " may be deleted by itself\n");
  }
  return Delete(store, request.path_argument, std::nullopt);
}

}  // namespace

void AddDeleteApi(Router& router, store::TraceStore& store, const Readiness& readiness) {
  const auto add = [&](std::string_view pattern, auto function) {
    router.Add("DELETE", pattern, RunsOn::kWorker,
               [&store, &readiness, function](const ApiRequest& request) {
                 if (readiness.is_ready()) return function(store, request);
                 return TextReply(503, readiness.Describe() + "\n");
               });
  };
  add("/api/clew/v1/traces/{id}", DeleteTrace);
  add("/api/clew/v1/tenants/{tenant}", DeleteTenant);
}

}  // namespace clew::serve
