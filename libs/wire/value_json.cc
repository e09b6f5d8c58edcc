// SPDX-License-Identifier: Apache-2.0
#include "wire/value_json.h"

#include "wire/json_writer.h"
#include "wire/otlp_value.h"
#include "wire/protobuf_scan.h"

namespace clew::wire {
namespace {

using model::ValueView;

void WritePlain(JsonWriter& out, const ValueView& value);

// The encoded lists were checked where they came in, so nothing can fail here.
void WriteArray(JsonWriter& out, std::string_view encoded) {
  out.BeginArray();
  FieldCursor field(encoded, encoded.data());
  while (field.Next()) {
    ValueView element;
    ScanFailure failure;
    if (field.tag() == Tag(1, WireType::kBytes) &&
        ReadAnyValue(field.bytes(), encoded.data(), 0, element, failure)) {
      WritePlain(out, element);
    }
  }
  out.EndArray();
}

void WriteKeyValueList(JsonWriter& out, std::string_view encoded) {
  out.BeginObject();
  FieldCursor field(encoded, encoded.data());
  while (field.Next()) {
    KeyValueView pair;
    ScanFailure failure;
    if (field.tag() == Tag(1, WireType::kBytes) &&
        ReadKeyValue(field.bytes(), encoded.data(), 0, pair, failure)) {
      out.Key(pair.key);
      WritePlain(out, pair.value);
    }
  }
  out.EndObject();
}

void WritePlain(JsonWriter& out, const ValueView& value) {
  switch (value.type) {
    case ValueView::Type::kEmpty:
      return out.Null();
    case ValueView::Type::kString:
      return out.String(value.text);
    case ValueView::Type::kBool:
      return out.Bool(value.boolean);
    case ValueView::Type::kInt:
      return out.Number(value.integer);
    case ValueView::Type::kDouble:
      return out.Number(value.number);
    case ValueView::Type::kArray:
      return WriteArray(out, value.text);
    case ValueView::Type::kKeyValueList:
      return WriteKeyValueList(out, value.text);
    case ValueView::Type::kBytes:
      return out.Base64(value.text);
  }
}

}  // namespace

std::string ToPlainJson(const ValueView& value) {
  JsonWriter out;
  WritePlain(out, value);
  return out.Take();
}

}  // namespace clew::wire
