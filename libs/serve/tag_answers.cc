// SPDX-License-Identifier: Apache-2.0
#include "serve/tag_answers.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "serve/search_parameters.h"
#include "serve/tag_name.h"
#include "traceql/lenient.h"

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
          ? TRY(query::ListNarrowedTagValues(sources, query::NarrowedTag{tag, *std::move(filter)},
                                             parameters.range, request.cancelled, &left_out))
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

}  // namespace

base::Result<std::vector<ScopeNames>> ReadTagScopes(const ApiRequest& request,
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

base::Result<std::vector<std::string>> ReadTagNames(const ApiRequest& request,
                                                    const store::Sources& sources,
                                                    query::LeftOut& left_out) {
  std::vector<ScopeNames> scopes = TRY(ReadTagScopes(request, sources, left_out));
  const bool intrinsic = request.Parameter("scope") == kIntrinsicScope;
  std::vector<std::string> names;
  for (ScopeNames& scope : scopes) {
    if (scope.scope == kIntrinsicScope && !intrinsic) continue;
    std::ranges::move(scope.names, std::back_inserter(names));
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

base::Result<std::vector<std::string>> ReadTagTexts(const ApiRequest& request,
                                                    const store::Sources& sources,
                                                    query::LeftOut& left_out) {
  std::vector<query::TagValue> values =
      TRY(ReadValues(request, TagOfFirstVersion(request.path_argument), sources, left_out));
  // A search for error=true finds by status, whatever attributes there are.
  if (request.path_argument == "error") return std::vector<std::string>{"true"};
  std::vector<std::string> texts;
  texts.reserve(values.size());
  for (query::TagValue& value : values) texts.push_back(std::move(value.value));
  return texts;
}

base::Result<std::vector<query::TagValue>> ReadTagValues(const ApiRequest& request,
                                                         const store::Sources& sources,
                                                         query::LeftOut& left_out) {
  const query::Tag tag = TRY(ParseTagName(request.path_argument));
  return ReadValues(request, tag, sources, left_out);
}

}  // namespace clew::serve
