// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_tags.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/tags.h"
#include "serve/search_parameters.h"
#include "serve/tag_name.h"
#include "traceql/lenient.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

using query::TagScope;

constexpr std::string_view kIntrinsicScope = "intrinsic";

// What a request for names or values may say besides the name.
struct TagParameters {
  std::string scope;   // empty: all
  uint32_t limit = 0;  // 0: none
  query::TimeRange range;
};

bool IsScope(std::string_view name) {
  return name == kIntrinsicScope ||
         std::ranges::find(kAttributeScopes, name, &NamedScope::name) != kAttributeScopes.end();
}

base::Result<TagParameters> ParseParameters(const ApiRequest& request) {
  TagParameters parameters;
  parameters.scope = request.Parameter("scope").value_or("");
  if (parameters.scope == "none") parameters.scope.clear();
  if (!parameters.scope.empty() && !IsScope(parameters.scope)) {
    return base::Error{base::ErrorCode::kInvalidArgument, "invalid scope: " + parameters.scope};
  }
  if (const std::optional<std::string_view> limit = request.Parameter("limit")) {
    parameters.limit = TRY(ParseNumber("limit", *limit));
  }
  parameters.range = TRY(ParseTimeRange(request));
  return parameters;
}

template <typename T>
void CutAt(uint32_t limit, std::vector<T>& items) {
  if (limit > 0 && items.size() > limit) items.resize(limit);
}

struct ScopeNames {
  std::string_view scope;
  std::vector<std::string> names;  // sorted, not empty
};

// The scopes that were asked for and have names, each cut at the limit.
base::Result<std::vector<ScopeNames>> ReadNames(const ApiRequest& request,
                                                const store::Sources& sources,
                                                query::LeftOut& left_out) {
  const TagParameters parameters = TRY(ParseParameters(request));
  const auto asked = [&](std::string_view scope) {
    return parameters.scope.empty() || parameters.scope == scope;
  };
  std::vector<ScopeNames> all;
  for (const NamedScope& named : kAttributeScopes) {
    if (!asked(named.name) || sources.empty()) continue;
    std::vector<std::string> names = TRY(
        query::ListTagNames(sources, named.scope, parameters.range, request.cancelled, &left_out));
    if (!names.empty()) all.push_back({named.name, std::move(names)});
  }
  if (asked(kIntrinsicScope)) {
    std::vector<std::string> names;
    for (const Intrinsic& intrinsic : Intrinsics()) names.emplace_back(intrinsic.name);
    all.push_back({kIntrinsicScope, std::move(names)});
  }
  for (ScopeNames& scope : all) CutAt(parameters.limit, scope.names);
  return all;
}

// The values of the tag, cut at the limit.
base::Result<std::vector<query::TagValue>> ReadValues(const ApiRequest& request,
                                                      const query::Tag& tag,
                                                      const store::Sources& sources,
                                                      query::LeftOut& left_out) {
  const TagParameters parameters = TRY(ParseParameters(request));
  if (sources.empty()) return std::vector<query::TagValue>();
  // What is half typed narrows as far as it is understood.
  std::optional<traceql::FieldExpr> filter =
      traceql::ParseLenient(request.Parameter("q").value_or(""));
  std::vector<query::TagValue> values =
      filter
          ? TRY(query::ListTagValues(sources, tag, *std::move(filter), parameters.range,
                                     request.cancelled, &left_out))
          : TRY(query::ListTagValues(sources, tag, parameters.range, request.cancelled, &left_out));
  CutAt(parameters.limit, values);
  return values;
}

// The first version's names are bare; a few stand for something else.
query::Tag TagOfFirstVersion(const std::string& name) {
  if (name == "name") return {TagScope::kIntrinsic, "name"};
  if (name == "status.code") return {TagScope::kIntrinsic, "status"};
  if (name == "root.name") return {TagScope::kIntrinsic, "rootName"};
  if (name == "root.service.name") return {TagScope::kIntrinsic, "rootServiceName"};
  return {TagScope::kAny, name};
}

void WriteTexts(wire::JsonWriter& json, const std::vector<std::string>& texts) {
  json.BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray();
}

// {"<name>":[…],"metrics":{}}, the list written by `write_list`.
template <typename WriteList>
ApiReply ListReply(std::string_view name, WriteList write_list) {
  wire::JsonWriter json;
  json.BeginObject();
  json.Key(name);
  write_list(json);
  json.Key("metrics");
  json.BeginObject();
  json.EndObject();
  json.EndObject();
  return {.body = json.Take()};
}

}  // namespace

ApiReply TagNames(const ApiRequest& request, const store::Sources& sources,
                  query::LeftOut& left_out) {
  base::Result<std::vector<ScopeNames>> scopes = ReadNames(request, sources, left_out);
  if (!scopes.ok()) return ErrorReply(scopes.error());
  const bool intrinsic = request.Parameter("scope") == kIntrinsicScope;
  std::vector<std::string> names;
  for (ScopeNames& scope : scopes.value()) {
    if (scope.scope == kIntrinsicScope && !intrinsic) continue;
    std::ranges::move(scope.names, std::back_inserter(names));
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return ListReply("tagNames", [&](wire::JsonWriter& json) { WriteTexts(json, names); });
}

ApiReply TagNamesV2(const ApiRequest& request, const store::Sources& sources,
                    query::LeftOut& left_out) {
  const base::Result<std::vector<ScopeNames>> scopes = ReadNames(request, sources, left_out);
  if (!scopes.ok()) return ErrorReply(scopes.error());
  return ListReply("scopes", [&](wire::JsonWriter& json) {
    json.BeginArray();
    for (const ScopeNames& scope : scopes.value()) {
      json.BeginObject();
      json.Key("name");
      json.String(scope.scope);
      json.Key("tags");
      WriteTexts(json, scope.names);
      json.EndObject();
    }
    json.EndArray();
  });
}

ApiReply TagValues(const ApiRequest& request, const store::Sources& sources,
                   query::LeftOut& left_out) {
  base::Result<std::vector<query::TagValue>> values =
      ReadValues(request, TagOfFirstVersion(request.path_argument), sources, left_out);
  if (!values.ok()) return ErrorReply(values.error());
  std::vector<std::string> texts;
  for (query::TagValue& value : values.value()) texts.push_back(std::move(value.value));
  // A search for error=true finds by status, whatever attributes there are.
  if (request.path_argument == "error") texts = {"true"};
  return ListReply("tagValues", [&](wire::JsonWriter& json) { WriteTexts(json, texts); });
}

ApiReply TagValuesV2(const ApiRequest& request, const store::Sources& sources,
                     query::LeftOut& left_out) {
  const base::Result<query::Tag> tag = ParseTagName(request.path_argument);
  if (!tag.ok()) return ErrorReply(tag.error());
  const base::Result<std::vector<query::TagValue>> values =
      ReadValues(request, tag.value(), sources, left_out);
  if (!values.ok()) return ErrorReply(values.error());
  return ListReply("tagValues", [&](wire::JsonWriter& json) {
    json.BeginArray();
    for (const query::TagValue& value : values.value()) {
      json.BeginObject();
      json.Key("type");
      json.String(value.type);
      json.Key("value");
      json.String(value.value);
      json.EndObject();
    }
    json.EndArray();
  });
}

}  // namespace clew::serve
