// SPDX-License-Identifier: Apache-2.0
#include "serve/server_api.h"

#include <string_view>
#include <utility>

#include "wire/json_writer.h"

namespace clew::serve {
namespace {

void WriteNumber(wire::JsonWriter& json, std::string_view key, uint64_t number) {
  json.Key(key);
  json.Number(static_cast<int64_t>(number));
}

void WriteText(wire::JsonWriter& json, std::string_view key, std::string_view text) {
  json.Key(key);
  json.String(text);
}

}  // namespace

void ServerFacts::SetPorts(std::vector<Port> ports) {
  const base::MutexLock lock(mutex_);
  ports_ = std::move(ports);
}

std::string ServerFacts::Json(const ingest::Ingestor::Counters& counters) const {
  wire::JsonWriter json;
  json.BeginObject();
  WriteText(json, "version", version_);
  WriteText(json, "dataDirectory", data_);
  WriteText(json, "scheme", is_tls_ ? "https" : "http");
  json.Key("ports");
  json.BeginArray();
  {
    const base::MutexLock lock(mutex_);
    for (const Port& port : ports_) {
      json.BeginObject();
      WriteText(json, "protocol", port.protocol);
      WriteNumber(json, "port", port.number);
      json.EndObject();
    }
  }
  json.EndArray();
  json.Key("received");
  json.BeginObject();
  WriteNumber(json, "requests", counters.requests);
  WriteNumber(json, "refusedRequests", counters.refused_requests);
  WriteNumber(json, "spans", counters.accepted_spans);
  WriteNumber(json, "rejectedSpans", counters.rejected_spans);
  json.EndObject();
  json.EndObject();
  return json.Take();
}

void AddServerApi(Router& router, const ServerFacts& facts, const ingest::Ingestor& ingestor) {
  router.Add("GET", "/api/clew/v1/server", RunsOn::kLoop,
             [&](const ApiRequest&) { return ApiReply{.body = facts.Json(ingestor.counters())}; });
}

}  // namespace clew::serve
