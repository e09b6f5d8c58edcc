// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"
#include "wire/json_writer.h"

// Attribute values in protobuf's JSON mapping of AnyValue: {"intValue":"1"}, and of
// KeyValue: {"key":"k","value":{"intValue":"1"}}.
namespace clew::wire {

void WriteJsonValue(JsonWriter& out, const model::ValueView& value);
void WriteJsonKeyValue(JsonWriter& out, std::string_view key, const model::ValueView& value);
std::string ToOtlpJson(const model::ValueView& value);

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

}  // namespace clew::wire
