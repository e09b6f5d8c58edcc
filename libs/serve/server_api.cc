// SPDX-License-Identifier: Apache-2.0
#include "serve/server_api.h"

#include <string_view>
#include <utility>

#include "serve/tenant.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

void WriteReceivers(wire::JsonWriter& json, const ingest::IngestCounters& counters) {
  json.Key("receivers");
  json.BeginArray();
  for (size_t i = 0; i < ingest::kReceivers; ++i) {
    const auto receiver = static_cast<ingest::Receiver>(i);
    if (receiver == ingest::Receiver::kSelf) continue;
    const ingest::IngestCounters::Counts counts = counters.counts(receiver);
    json.BeginObject();
    json.TextMember("receiver", ingest::NameOf(receiver));
    json.NumberMember("requests", counts.requests);
    json.NumberMember("refusedRequests", counts.refused_requests());
    json.NumberMember("spans", counts.accepted_spans);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

void ServerFacts::SetPorts(std::vector<Port> ports) {
  const base::MutexLock lock(mutex_);
  ports_ = std::move(ports);
}

std::string ServerFacts::Json(const ingest::Ingestor::Counters& counters,
                              const ingest::IngestCounters& by_receiver,
                              std::string_view last_refusal) const {
  wire::JsonWriter json;
  json.BeginObject();
  json.TextMember("version", version_);
  json.TextMember("dataDirectory", data_);
  json.TextMember("scheme", is_tls_ ? "https" : "http");
  json.Key("ports");
  json.BeginArray();
  {
    const base::MutexLock lock(mutex_);
    for (const Port& port : ports_) {
      json.BeginObject();
      json.TextMember("protocol", port.protocol);
      json.NumberMember("port", port.number);
      json.EndObject();
    }
  }
  json.EndArray();
  json.Key("received");
  json.BeginObject();
  json.NumberMember("requests", counters.requests);
  json.NumberMember("refusedRequests", counters.refused_requests);
  json.NumberMember("spans", counters.accepted_spans);
  json.NumberMember("rejectedSpans", counters.rejected_spans);
  json.TextMember("lastRefusal", last_refusal);
  WriteReceivers(json, by_receiver);
  json.EndObject();
  json.EndObject();
  return json.Take();
}

void AddServerApi(Router& router, const ServerFacts& facts, const ingest::Ingestor& ingestor) {
  router.Add("GET", "/api/clew/v1/server", RunsOn::kLoop, [&](const ApiRequest& request) {
    // Counts are of all tenants; a reason may have words of whom it is about.
    const std::string last_refusal = ingestor.refusals().LastOf(TenantOf(request));
    return ApiReply{.body = facts.Json(ingestor.counters(), ingestor.counted(), last_refusal)};
  });
}

}  // namespace clew::serve
