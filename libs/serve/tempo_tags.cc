// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_tags.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/tags.h"
#include "serve/json_text.h"
#include "serve/search_parameters.h"
#include "serve/tag_name.h"

namespace clew::serve {
namespace {

// Sorted, as they are written.
constexpr std::array<std::string_view, 25> kIntrinsicNames = {"duration",
                                                              "event:name",
                                                              "event:timeSinceStart",
                                                              "instrumentation:name",
                                                              "instrumentation:version",
                                                              "kind",
                                                              "link:spanID",
                                                              "link:traceID",
                                                              "name",
                                                              "rootName",
                                                              "rootServiceName",
                                                              "span:duration",
                                                              "span:id",
                                                              "span:kind",
                                                              "span:name",
                                                              "span:parentID",
                                                              "span:status",
                                                              "span:statusMessage",
                                                              "status",
                                                              "statusMessage",
                                                              "trace:duration",
                                                              "trace:id",
                                                              "trace:rootName",
                                                              "trace:rootService",
                                                              "traceDuration"};

// What a request for names or values may say besides the name.
struct TagParameters {
  std::string scope;   // empty: all
  uint32_t limit = 0;  // 0: none
};

base::Result<TagParameters> ParseParameters(const ApiRequest& request) {
  static constexpr std::array<std::string_view, 7> kScopes = {
      "none", "resource", "span", "event", "link", "instrumentation", "intrinsic"};
  TagParameters parameters;
  parameters.scope = request.Parameter("scope").value_or("");
  if (!parameters.scope.empty() && std::ranges::find(kScopes, parameters.scope) == kScopes.end()) {
    return base::Error{base::ErrorCode::kInvalidArgument, "invalid scope: " + parameters.scope};
  }
  if (parameters.scope == "none") parameters.scope.clear();
  if (const std::optional<std::string_view> limit = request.Parameter("limit")) {
    parameters.limit = TRY(ParseNumber("limit", *limit));
  }
  TRY(ParseTimeRange(request));
  return parameters;
}

struct ScopeNames {
  std::string_view scope;
  std::vector<std::string> names;  // sorted
};

// The scopes that were asked for and have names, each cut at the limit.
std::vector<ScopeNames> NamesOf(const store::Memtable* memtable, const TagParameters& parameters) {
  query::TagNames stored;
  if (memtable != nullptr) stored = query::ListTagNames(*memtable);
  std::vector<ScopeNames> all;
  all.push_back({"resource", std::move(stored.resource)});
  all.push_back({"span", std::move(stored.span)});
  all.push_back({"intrinsic", {kIntrinsicNames.begin(), kIntrinsicNames.end()}});
  std::erase_if(all, [&](const ScopeNames& scope) {
    const bool asked = parameters.scope.empty() || parameters.scope == scope.scope;
    return !asked || scope.names.empty();
  });
  for (ScopeNames& scope : all) {
    std::ranges::sort(scope.names);
    if (parameters.limit > 0 && scope.names.size() > parameters.limit) {
      scope.names.resize(parameters.limit);
    }
  }
  return all;
}

std::string JsonList(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const std::string& text : texts) {
    if (json.size() > 1) json.push_back(',');
    AppendJsonString(json, text);
  }
  return json + "]";
}

std::vector<query::TagValue> ValuesOf(const store::Memtable* memtable, const TagName& name,
                                      uint32_t limit) {
  if (memtable == nullptr) return {};
  std::vector<query::TagValue> values;
  switch (name.scope) {
    case TagScope::kIntrinsic:
      values = query::ListIntrinsicValues(*memtable, name.key);
      break;
    case TagScope::kResource:
      values = query::ListTagValues(*memtable, query::TagScope::kResource, name.key);
      break;
    case TagScope::kSpan:
      values = query::ListTagValues(*memtable, query::TagScope::kSpan, name.key);
      break;
    case TagScope::kAny:
      values = query::ListTagValues(*memtable, query::TagScope::kAny, name.key);
      break;
  }
  if (limit > 0 && values.size() > limit) values.resize(limit);
  return values;
}

// The first version's names are bare; a few stand for something else.
TagName NameOfFirstVersion(const std::string& name) {
  if (name == "name") return {TagScope::kIntrinsic, "name"};
  if (name == "status.code") return {TagScope::kIntrinsic, "status"};
  if (name == "root.name") return {TagScope::kIntrinsic, "rootName"};
  if (name == "root.service.name") return {TagScope::kIntrinsic, "rootServiceName"};
  return {TagScope::kAny, name};
}

}  // namespace

ApiReply TagNames(const ApiRequest& request, const store::Memtable* memtable) {
  const base::Result<TagParameters> parameters = ParseParameters(request);
  if (!parameters.ok()) return TextReply(400, parameters.error().message);
  std::vector<std::string> names;
  for (ScopeNames& scope : NamesOf(memtable, parameters.value())) {
    if (scope.scope == "intrinsic" && parameters.value().scope != "intrinsic") continue;
    std::ranges::move(scope.names, std::back_inserter(names));
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return {.body = "{\"tagNames\":" + JsonList(names) + ",\"metrics\":{}}"};
}

ApiReply TagNamesV2(const ApiRequest& request, const store::Memtable* memtable) {
  const base::Result<TagParameters> parameters = ParseParameters(request);
  if (!parameters.ok()) return TextReply(400, parameters.error().message);
  std::string json = "{\"scopes\":[";
  bool first = true;
  for (const ScopeNames& scope : NamesOf(memtable, parameters.value())) {
    if (!std::exchange(first, false)) json.push_back(',');
    json.append("{\"name\":\"").append(scope.scope).append("\",\"tags\":");
    json.append(JsonList(scope.names)).push_back('}');
  }
  return {.body = json + "],\"metrics\":{}}"};
}

ApiReply TagValues(const ApiRequest& request, const store::Memtable* memtable) {
  const base::Result<TagParameters> parameters = ParseParameters(request);
  if (!parameters.ok()) return TextReply(400, parameters.error().message);
  std::vector<std::string> texts;
  if (request.path_argument == "error") {
    texts.emplace_back("true");  // a search for error=true finds by status
  } else {
    const TagName name = NameOfFirstVersion(request.path_argument);
    for (query::TagValue& value : ValuesOf(memtable, name, parameters.value().limit)) {
      texts.push_back(std::move(value.value));
    }
  }
  return {.body = "{\"tagValues\":" + JsonList(texts) + ",\"metrics\":{}}"};
}

ApiReply TagValuesV2(const ApiRequest& request, const store::Memtable* memtable) {
  const base::Result<TagParameters> parameters = ParseParameters(request);
  if (!parameters.ok()) return TextReply(400, parameters.error().message);
  const base::Result<TagName> name = ParseTagName(request.path_argument);
  if (!name.ok()) return TextReply(400, name.error().message);
  std::string json = "{\"tagValues\":[";
  bool first = true;
  for (const query::TagValue& value : ValuesOf(memtable, name.value(), parameters.value().limit)) {
    if (!std::exchange(first, false)) json.push_back(',');
    json.append("{\"type\":\"").append(value.type).append("\",\"value\":");
    AppendJsonString(json, value.value);
    json.push_back('}');
  }
  return {.body = json + "],\"metrics\":{}}"};
}

}  // namespace clew::serve
