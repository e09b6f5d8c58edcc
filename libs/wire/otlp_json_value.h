// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"
#include "wire/json_tree.h"
#include "wire/json_writer.h"
#include "wire/otlp_value.h"
#include "wire/scan_failure.h"

// Attribute values in protobuf's JSON mapping of AnyValue: {"intValue":"1"}, and of
// KeyValue: {"key":"k","value":{"intValue":"1"}}.
namespace clew::wire {

void WriteJsonValue(JsonWriter& out, const model::ValueView& value);
void WriteJsonKeyValue(JsonWriter& out, std::string_view key, const model::ValueView& value);
std::string ToOtlpJson(const model::ValueView& value);

// Whether a member of an object is the field with that lowerCamelCase name: protobuf's
// JSON mapping takes the name of the .proto file, snake_case, as well.
// REQUIRES: !camel_case.empty()
bool IsSameJsonField(std::string_view key, std::string_view camel_case);
inline bool IsJsonField(std::string_view key, std::string_view camel_case) {
  // Most are neither, and their first letters tell.
  return key.starts_with(camel_case.front()) && IsSameJsonField(key, camel_case);
}

// Read AnyValue and KeyValue by the rules of ReadAnyValue and ReadKeyValue: the last
// member of the oneof wins, null is as none. `bytes` holds what the value views when it
// is an array, a list or bytes; texts lie in the tree.
bool ReadJsonAnyValue(JsonValue json, int nesting, std::string& bytes, model::ValueView& value,
                      ScanFailure& failure);
bool ReadJsonKeyValue(JsonValue json, int nesting, std::string& bytes, KeyValueView& key_value,
                      ScanFailure& failure);

// A value that owns its bytes.
class OwnedValue {
 public:
  OwnedValue(const model::ValueView& value, std::string text)
      : value_(value), text_(std::move(text)) {}
  model::ValueView view() const {
    model::ValueView view = value_;
    view.text = text_;
    return view;
  }

 private:
  model::ValueView value_;
  std::string text_;
};

// The value that a JSON text is. kInvalidArgument: it is none, or nested deeper than
// kMaxValueNesting.
base::Result<OwnedValue> ParseOtlpJson(std::string_view json);

// The same of what WriteJsonValue wrote, where a look is enough: a text without escapes; a list of
// keys and values, or bytes, of which the view then has nothing. nullopt: it has to be parsed.
std::optional<model::ValueView> GlanceAtOtlpJson(std::string_view json);

}  // namespace clew::wire
