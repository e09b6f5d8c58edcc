// SPDX-License-Identifier: Apache-2.0
#include "serve/attribute_json.h"

#include <type_traits>

#include "traceql/print.h"

namespace clew::serve {
namespace {

using traceql::Static;

void WriteValue(wire::JsonWriter& json, const Static& value) {
  json.BeginObject();
  std::visit(
      [&](const auto& held) {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, int64_t>) {
          json.Key("intValue");
          json.NumberAsString(held);
        } else if constexpr (std::is_same_v<T, double>) {
          json.Key("doubleValue");
          json.Number(held);
        } else if constexpr (std::is_same_v<T, bool>) {
          json.Key("boolValue");
          json.Bool(held);
        } else {
          json.Key("stringValue");
          if constexpr (std::is_same_v<T, std::string>) {
            json.String(held);
          } else {
            json.String(traceql::Print(Static(held)));  // 1.5s, error, server, nil
          }
        }
      },
      value);
  json.EndObject();
}

void WriteValues(wire::JsonWriter& json, const query::AnswerAttribute& attribute) {
  if (!attribute.is_array) {
    return WriteValue(json, attribute.values.empty() ? traceql::Nil() : attribute.values.front());
  }
  json.BeginObject();
  json.Key("arrayValue");
  json.BeginObject();
  json.Key("values");
  json.BeginArray();
  for (const Static& value : attribute.values) WriteValue(json, value);
  json.EndArray();
  json.EndObject();
  json.EndObject();
}

}  // namespace

void WriteAttribute(wire::JsonWriter& json, const query::AnswerAttribute& attribute) {
  json.BeginObject();
  json.Key("key");
  json.String(attribute.key);
  json.Key("value");
  WriteValues(json, attribute);
  json.EndObject();
}

void WriteAttributes(wire::JsonWriter& json, std::string_view member,
                     const std::vector<query::AnswerAttribute>& attributes) {
  if (attributes.empty()) return;
  json.Key(member);
  json.BeginArray();
  for (const query::AnswerAttribute& attribute : attributes) WriteAttribute(json, attribute);
  json.EndArray();
}

}  // namespace clew::serve
