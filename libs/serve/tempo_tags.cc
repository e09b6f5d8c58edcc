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
  return {.body = json.Take()};
}

}  // namespace

ApiReply TagNames(const ApiRequest& request, const store::Sources& sources,
                  query::LeftOut& left_out) {
  const auto names = ReadTagNames(request, sources, left_out);
  if (!names.ok()) return ErrorReply(names.error());
  return ListReply("tagNames", [&](wire::JsonWriter& json) { WriteTexts(json, names.value()); });
}

ApiReply TagNamesV2(const ApiRequest& request, const store::Sources& sources,
                    query::LeftOut& left_out) {
  const auto scopes = ReadTagScopes(request, sources, left_out);
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
  const auto texts = ReadTagTexts(request, sources, left_out);
  if (!texts.ok()) return ErrorReply(texts.error());
  return ListReply("tagValues", [&](wire::JsonWriter& json) { WriteTexts(json, texts.value()); });
}

ApiReply TagValuesV2(const ApiRequest& request, const store::Sources& sources,
                     query::LeftOut& left_out) {
  const auto values = ReadTagValues(request, sources, left_out);
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
