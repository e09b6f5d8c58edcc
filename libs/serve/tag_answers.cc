// SPDX-License-Identifier: Apache-2.0
#include "serve/tag_answers.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/stable_sort.h"
#include "serve/search_parameters.h"
#include "serve/tag_name.h"
#include "serve/traceql_query.h"
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

query::TagQuestion QuestionOf(const ApiRequest& request, const TagParameters& parameters,
                              QueryRun& run) {
  return {.range = parameters.range,
          .cancelled = request.cancelled,
          .notes = &run.notes,
          .memory = &run.memory};
}

// The values of the tag, cut at the limit.
base::Result<std::vector<query::TagValue>> ReadValues(const ApiRequest& request,
                                                      const query::Tag& tag, QueryRun& run) {
  const TagParameters parameters = TRY(ParseParameters(request));
  if (run.sources.empty()) return std::vector<query::TagValue>();
  const query::TagQuestion question = QuestionOf(request, parameters, run);
  // What is half typed narrows as far as it is understood.
  std::optional<traceql::FieldExpr> filter =
      traceql::ParseLenient(request.Parameter("q").value_or(""));
  std::vector<query::TagValue> values =
      filter ? TRY(query::ListNarrowedTagValues(
                   run.sources, query::NarrowedTag{tag, *std::move(filter)}, question))
             : TRY(query::ListTagValues(run.sources, tag, question));
  CutAt(parameters.limit, values);
  run.results = values.size();
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

// Every span passes where nothing narrows them.
traceql::FieldExpr FilterOf(const ApiRequest& request) {
  std::optional<traceql::FieldExpr> filter =
      traceql::ParseLenient(request.Parameter("q").value_or(""));
  if (filter) return *std::move(filter);
  return {.node = traceql::Static(true)};
}

template <typename Counted>
void PutFrequentFirst(std::vector<Counted>& counted, uint64_t Counted::* count) {
  base::StableSort(counted, [count](const Counted& left, const Counted& right) {
    return left.*count > right.*count;
  });
}

}  // namespace

base::Result<std::vector<ScopeNames>> ReadTagScopes(const ApiRequest& request, QueryRun& run) {
  const TagParameters parameters = TRY(ParseParameters(request));
  const auto asked = [&](std::string_view scope) {
    return parameters.scope.empty() || parameters.scope == scope;
  };
  std::vector<ScopeNames> all;
  for (const NamedScope& named : kAttributeScopes) {
    if (!asked(named.name) || run.sources.empty()) continue;
    std::vector<std::string> names =
        TRY(query::ListTagNames(run.sources, named.scope, QuestionOf(request, parameters, run)));
    run.results += names.size();
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

base::Result<std::vector<std::string>> ReadTagNames(const ApiRequest& request, QueryRun& run) {
  std::vector<ScopeNames> scopes = TRY(ReadTagScopes(request, run));
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

base::Result<std::vector<std::string>> ReadTagTexts(const ApiRequest& request, QueryRun& run) {
  std::vector<query::TagValue> values =
      TRY(ReadValues(request, TagOfFirstVersion(request.path_argument), run));
  // A search for error=true finds by status, whatever attributes there are.
  if (request.path_argument == "error") return std::vector<std::string>{"true"};
  std::vector<std::string> texts;
  texts.reserve(values.size());
  for (query::TagValue& value : values) texts.push_back(std::move(value.value));
  return texts;
}

base::Result<std::vector<query::TagValue>> ReadTagValues(const ApiRequest& request, QueryRun& run) {
  const query::Tag tag = TRY(ParseTagName(request.path_argument));
  return ReadValues(request, tag, run);
}

base::Result<std::vector<query::CountedValue>> CountValues(const ApiRequest& request,
                                                           QueryRun& run) {
  query::Tag tag = TRY(ParseTagName(request.path_argument));
  const TagParameters parameters = TRY(ParseParameters(request));
  if (run.sources.empty()) return std::vector<query::CountedValue>();
  std::vector<query::CountedValue> values =
      TRY(query::CountTagValues(run.sources, query::NarrowedTag{std::move(tag), FilterOf(request)},
                                QuestionOf(request, parameters, run)));
  PutFrequentFirst(values, &query::CountedValue::spans);
  CutAt(parameters.limit, values);
  run.results = values.size();
  return values;
}

base::Result<std::vector<query::CountedName>> CountNames(const ApiRequest& request, QueryRun& run) {
  const TagParameters parameters = TRY(ParseParameters(request));
  if (run.sources.empty()) return std::vector<query::CountedName>();
  std::vector<TagScope> scopes;
  for (const NamedScope& named : kAttributeScopes) {
    if (parameters.scope.empty() || parameters.scope == named.name) scopes.push_back(named.scope);
  }
  std::vector<query::CountedName> names = TRY(query::CountTagNames(
      run.sources, scopes, FilterOf(request), QuestionOf(request, parameters, run)));
  PutFrequentFirst(names, &query::CountedName::spans);
  CutAt(parameters.limit, names);
  run.results = names.size();
  return names;
}

base::Result<std::vector<query::ValueTraces>> CountTraces(const ApiRequest& request,
                                                          QueryRun& run) {
  const query::Tag tag = TRY(ParseTagName(request.path_argument));
  const TagParameters parameters = TRY(ParseParameters(request));
  const traceql::SpansetPipeline pipeline =
      TRY(ParseSpansetPipeline(request.Parameter("q").value_or("{ }")));
  if (run.sources.empty()) return std::vector<query::ValueTraces>();
  std::vector<query::ValueTraces> values = TRY(
      query::CountTracesOfValues(run.sources, tag, pipeline, QuestionOf(request, parameters, run)));
  PutFrequentFirst(values, &query::ValueTraces::traces);
  CutAt(parameters.limit, values);
  run.results = values.size();
  return values;
}

}  // namespace clew::serve
