// SPDX-License-Identifier: Apache-2.0
#include "wire/otlp_json_value.h"

#include <optional>
#include <utility>

#include "wire/base64.h"
#include "wire/json_scalar.h"
#include "wire/limits.h"
#include "wire/otlp_value.h"
#include "wire/otlp_writer.h"
#include "wire/protobuf_scan.h"
#include "wire/protobuf_writer.h"

namespace clew::wire {
namespace {

using model::ValueView;

// The encoded lists were checked where they came in, so nothing can fail here.
void WriteArray(JsonWriter& out, std::string_view encoded) {
  out.Key("values");
  out.BeginArray();
  FieldCursor field(encoded, encoded.data());
  while (field.Next()) {
    ValueView value;
    ScanFailure failure;
    if (field.tag() == Tag(1, WireType::kBytes) &&
        ReadAnyValue(field.bytes(), encoded.data(), 0, value, failure)) {
      WriteJsonValue(out, value);
    }
  }
  out.EndArray();
}

void WriteKeyValueList(JsonWriter& out, std::string_view encoded) {
  out.Key("values");
  out.BeginArray();
  FieldCursor field(encoded, encoded.data());
  while (field.Next()) {
    KeyValueView pair;
    ScanFailure failure;
    if (field.tag() == Tag(1, WireType::kBytes) &&
        ReadKeyValue(field.bytes(), encoded.data(), 0, pair, failure)) {
      WriteJsonKeyValue(out, pair.key, pair.value);
    }
  }
  out.EndArray();
}

}  // namespace

void WriteJsonKeyValue(JsonWriter& out, std::string_view key, const ValueView& value) {
  out.BeginObject();
  out.Key("key");
  out.String(key);
  out.Key("value");
  WriteJsonValue(out, value);
  out.EndObject();
}

void WriteJsonValue(JsonWriter& out, const ValueView& value) {
  out.BeginObject();
  switch (value.type) {
    case ValueView::Type::kEmpty:
      break;
    case ValueView::Type::kString:
      out.Key("stringValue");
      out.String(value.text);
      break;
    case ValueView::Type::kBool:
      out.Key("boolValue");
      out.Bool(value.boolean);
      break;
    case ValueView::Type::kInt:
      out.Key("intValue");
      out.NumberAsString(value.integer);
      break;
    case ValueView::Type::kDouble:
      out.Key("doubleValue");
      out.Number(value.number);
      break;
    case ValueView::Type::kArray:
      out.Key("arrayValue");
      out.BeginObject();
      WriteArray(out, value.text);
      out.EndObject();
      break;
    case ValueView::Type::kKeyValueList:
      out.Key("kvlistValue");
      out.BeginObject();
      WriteKeyValueList(out, value.text);
      out.EndObject();
      break;
    case ValueView::Type::kBytes:
      out.Key("bytesValue");
      out.Base64(value.text);
      break;
  }
  out.EndObject();
}

std::string ToOtlpJson(const ValueView& value) {
  JsonWriter out;
  WriteJsonValue(out, value);
  return out.Take();
}

bool IsSameJsonField(std::string_view key, std::string_view camel_case) {
  if (key == camel_case) return true;
  for (const char c : camel_case) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !key.starts_with('_')) return false;
    if (upper) key.remove_prefix(1);
    if (!key.starts_with(static_cast<char>(upper ? c | 0x20 : c))) return false;
    key.remove_prefix(1);
  }
  return key.empty();
}

namespace {

bool Fail(ScanFailure& failure, const char* reason, JsonValue json) {
  failure = {reason, json.position()};
  return false;
}

// Appends what is in an ArrayValue, or a KeyValueList, to its encoding.
bool EncodeElements(JsonValue values, ValueView::Type container, int nesting, ProtobufWriter& out,
                    ScanFailure& failure) {
  if (values.type() != JsonType::kArray) return Fail(failure, "expected an array", values);
  JsonElements element(values);
  while (element.Next()) {
    std::string bytes;
    KeyValueView pair;
    if (container == ValueView::Type::kArray) {
      if (!ReadJsonAnyValue(element.value(), nesting, bytes, pair.value, failure)) return false;
      WriteAnyValue(out, 1, pair.value);
      continue;
    }
    if (!ReadJsonKeyValue(element.value(), nesting, bytes, pair, failure)) return false;
    const size_t message = out.Open(1);
    out.BytesUnlessEmpty(1, pair.key);
    WriteAnyValue(out, 2, pair.value);
    out.Close(message);
  }
  return true;
}

bool ReadContainer(JsonValue json, ValueView::Type type, int nesting, std::string& bytes,
                   ScanFailure& failure) {
  if (json.type() != JsonType::kObject) return Fail(failure, "expected an object", json);
  if (nesting > kMaxValueNesting) {
    return Fail(failure, "attribute value nested too deeply", json);
  }
  ProtobufWriter out;
  JsonMembers member(json);
  while (member.Next()) {
    if (member.key() != "values" || member.value().is_null()) continue;
    if (!EncodeElements(member.value(), type, nesting, out, failure)) return false;
  }
  bytes = out.Take();
  return true;
}

// The type of value that a member of AnyValue holds; kEmpty when it is none of them.
ValueView::Type TypeOfMember(std::string_view key) {
  if (IsJsonField(key, "stringValue")) return ValueView::Type::kString;
  if (IsJsonField(key, "boolValue")) return ValueView::Type::kBool;
  if (IsJsonField(key, "intValue")) return ValueView::Type::kInt;
  if (IsJsonField(key, "doubleValue")) return ValueView::Type::kDouble;
  if (IsJsonField(key, "arrayValue")) return ValueView::Type::kArray;
  if (IsJsonField(key, "kvlistValue")) return ValueView::Type::kKeyValueList;
  if (IsJsonField(key, "bytesValue")) return ValueView::Type::kBytes;
  return ValueView::Type::kEmpty;
}

// A value that is neither array nor list. The result says what was expected instead,
// nullptr when all is well.
const char* ReadPlainMember(JsonValue json, ValueView::Type type, std::string& bytes,
                            ValueView& value) {
  const bool text = json.type() == JsonType::kString;
  if (type == ValueView::Type::kString) {
    if (!text) return "expected a string";
    value = ValueView::String(json.text());
  } else if (type == ValueView::Type::kBool) {
    if (json.type() != JsonType::kTrue && json.type() != JsonType::kFalse) {
      return "expected true or false";
    }
    value = ValueView::Bool(json.type() == JsonType::kTrue);
  } else if (type == ValueView::Type::kInt) {
    const std::optional<int64_t> integer = ReadJsonInt64(json);
    if (!integer) return "expected a whole number of 64 bits";
    value = ValueView::Int(*integer);
  } else if (type == ValueView::Type::kDouble) {
    const std::optional<double> number = ReadJsonDouble(json);
    if (!number) return "expected a number";
    value = ValueView::Double(*number);
  } else {
    std::optional<std::string> decoded = text ? DecodeBase64(json.text()) : std::nullopt;
    if (!decoded) return "expected a string of base64";
    bytes = std::move(*decoded);
    value = ValueView::Bytes(bytes);
  }
  return nullptr;
}

}  // namespace

bool ReadJsonAnyValue(JsonValue json, int nesting, std::string& bytes, ValueView& value,
                      ScanFailure& failure) {
  value = {};
  if (json.type() != JsonType::kObject) return Fail(failure, "expected an object", json);
  JsonMembers member(json);
  while (member.Next()) {
    const ValueView::Type type = TypeOfMember(member.key());
    if (type == ValueView::Type::kEmpty || member.value().is_null()) continue;
    if (type == ValueView::Type::kArray || type == ValueView::Type::kKeyValueList) {
      if (!ReadContainer(member.value(), type, nesting + 1, bytes, failure)) return false;
      value = {.type = type, .text = bytes};
    } else if (const char* reason = ReadPlainMember(member.value(), type, bytes, value)) {
      return Fail(failure, reason, member.value());
    }
  }
  return true;
}

bool ReadJsonKeyValue(JsonValue json, int nesting, std::string& bytes, KeyValueView& key_value,
                      ScanFailure& failure) {
  key_value = {};
  if (json.type() != JsonType::kObject) return Fail(failure, "expected an object", json);
  JsonMembers member(json);
  while (member.Next()) {
    if (member.value().is_null()) continue;
    if (member.key() == "key") {
      if (member.value().type() != JsonType::kString) {
        return Fail(failure, "expected a string", member.value());
      }
      key_value.key = member.value().text();
    } else if (member.key() == "value" &&
               !ReadJsonAnyValue(member.value(), nesting, bytes, key_value.value, failure)) {
      return false;
    }
  }
  return true;
}

base::Result<OwnedValue> ParseOtlpJson(std::string_view json) {
  thread_local JsonTree tree;
  ScanFailure failure;
  std::string bytes;
  ValueView value;
  if (!tree.Parse(json, failure) || !ReadJsonAnyValue(tree.root(), 0, bytes, value, failure)) {
    return failure.ToError("attribute value");
  }
  OwnedValue owned(value, std::string(value.text));
  tree.Shrink();
  return owned;
}

std::optional<ValueView> GlanceAtOtlpJson(std::string_view json) {
  constexpr std::string_view kText = R"({"stringValue":")";
  constexpr std::string_view kEnd = R"("})";
  if (json.starts_with(R"({"kvlistValue":)"))
    return ValueView{.type = ValueView::Type::kKeyValueList};
  if (json.starts_with(R"({"bytesValue":)")) return ValueView{.type = ValueView::Type::kBytes};
  const bool is_text =
      json.size() >= kText.size() + kEnd.size() && json.starts_with(kText) && json.ends_with(kEnd);
  if (!is_text) return std::nullopt;
  const std::string_view text = json.substr(kText.size(), json.size() - kText.size() - kEnd.size());
  const bool plain =
      text.find('\\') == std::string_view::npos && text.find('"') == std::string_view::npos;
  return plain ? std::optional(ValueView::String(text)) : std::nullopt;
}

}  // namespace clew::wire
