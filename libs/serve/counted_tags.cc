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

void WriteField(wire::JsonWriter& json, std::string_view key, std::string_view text) {
  json.Key(key);
  json.String(text);
}

// {"<name>":[{…,"spans":1},…]}, each item begun by `write`.
template <typename Item, typename Write>
ApiReply CountsReply(std::string_view name, const std::vector<Item>& items, Write write) {
  wire::JsonWriter json;
  json.BeginObject();
  json.Key(name);
  json.BeginArray();
  for (const Item& item : items) {
    json.BeginObject();
    write(json, item);
    json.Key("spans");
    json.Number(static_cast<int64_t>(item.spans));
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
                       WriteField(json, "scope", NameOf(one.scope));
                       WriteField(json, "name", one.name);
                     });
}

base::Result<ApiReply> CountedTagValues(const ApiRequest& request, QueryRun& run) {
  return CountsReply("values", TRY(CountValues(request, run)),
                     [](wire::JsonWriter& json, const query::CountedValue& one) {
                       WriteField(json, "type", one.value.type);
                       WriteField(json, "value", one.value.value);
                     });
}

}  // namespace clew::serve
