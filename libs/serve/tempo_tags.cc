// SPDX-License-Identifier: Apache-2.0
#include "serve/tempo_tags.h"

#include <string>
#include <vector>

#include "serve/tag_answers.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

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
  return ApiReply{.body = json.Take()};
}

}  // namespace

base::Result<ApiReply> TagNames(const ApiRequest& request, QueryRun& run) {
  const auto names = TRY(ReadTagNames(request, run));
  return ListReply("tagNames", [&](wire::JsonWriter& json) { WriteTexts(json, names); });
}

base::Result<ApiReply> TagNamesV2(const ApiRequest& request, QueryRun& run) {
  const auto scopes = TRY(ReadTagScopes(request, run));
  return ListReply("scopes", [&](wire::JsonWriter& json) {
    json.BeginArray();
    for (const ScopeNames& scope : scopes) {
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

base::Result<ApiReply> TagValues(const ApiRequest& request, QueryRun& run) {
  const auto texts = TRY(ReadTagTexts(request, run));
  return ListReply("tagValues", [&](wire::JsonWriter& json) { WriteTexts(json, texts); });
}

base::Result<ApiReply> TagValuesV2(const ApiRequest& request, QueryRun& run) {
  const auto values = TRY(ReadTagValues(request, run));
  return ListReply("tagValues", [&](wire::JsonWriter& json) {
    json.BeginArray();
    for (const query::TagValue& value : values) {
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
