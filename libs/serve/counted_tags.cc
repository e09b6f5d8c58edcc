// SPDX-License-Identifier: Apache-2.0
#include "serve/counted_tags.h"

#include <algorithm>
#include <string_view>

#include "serve/tag_answers.h"
#include "serve/tag_name.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

std::string_view NameOf(query::TagScope scope) {
  const auto named = std::ranges::find(kAttributeScopes, scope, &NamedScope::scope);
  return named == kAttributeScopes.end() ? "" : named->name;
}

void WriteValue(wire::JsonWriter& json, const query::TagValue& value) {
  json.TextMember("type", value.type);
  json.TextMember("value", value.value);
}

// {"<name>":[{…},…]}, each item by `write`.
template <typename Item, typename Write>
ApiReply CountsReply(std::string_view name, const std::vector<Item>& items, Write write) {
  wire::JsonWriter json;
  json.BeginObject();
  json.Key(name);
  json.BeginArray();
  for (const Item& item : items) {
    json.BeginObject();
    write(json, item);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return {.body = json.Take()};
}

}  // namespace

base::Result<ApiReply> CountedTagNames(const ApiRequest& request, QueryRun& run) {
  return CountsReply("tags", TRY(CountNames(request, run)),
                     [](wire::JsonWriter& json, const query::CountedName& one) {
                       json.TextMember("scope", NameOf(one.scope));
                       json.TextMember("name", one.name);
                       json.NumberMember("spans", one.spans);
                     });
}

base::Result<ApiReply> CountedTagValues(const ApiRequest& request, QueryRun& run) {
  return CountsReply("values", TRY(CountValues(request, run)),
                     [](wire::JsonWriter& json, const query::CountedValue& one) {
                       WriteValue(json, one.value);
                       json.NumberMember("spans", one.spans);
                     });
}

base::Result<ApiReply> TracesOfTagValues(const ApiRequest& request, QueryRun& run) {
  return CountsReply("values", TRY(CountTraces(request, run)),
                     [](wire::JsonWriter& json, const query::ValueTraces& one) {
                       WriteValue(json, one.value);
                       json.NumberMember("traces", one.traces);
                       json.RealMember("p95Seconds", one.p95_seconds);
                     });
}

}  // namespace clew::serve
