// SPDX-License-Identifier: Apache-2.0
#include "wire/otlp_json_value.h"

#include <simdjson.h>

#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "wire/base64.h"
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

namespace {

using Json = simdjson::dom::element;

base::Error NoValue(const char* what) {
  return {base::ErrorCode::kInvalidArgument, std::string("a JSON attribute value ") + what};
}

std::optional<Json> Member(const Json& object, std::string_view name) {
  Json member;
  if (object[name].get(member) != simdjson::SUCCESS) return std::nullopt;
  return member;
}

std::string_view TextOf(const Json& text) {
  std::string_view view;
  return text.get(view) == simdjson::SUCCESS ? view : std::string_view();
}

// As a number or, as protobuf writes 64 bits, as a string.
std::optional<int64_t> IntegerOf(const Json& number) {
  int64_t integer = 0;
  if (number.get(integer) == simdjson::SUCCESS) return integer;
  const std::string_view text = TextOf(number);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), integer);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return integer;
}

std::optional<double> DoubleOf(const Json& number) {
  double value = 0;
  if (number.get(value) == simdjson::SUCCESS) return value;
  const std::string_view text = TextOf(number);
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

base::Result<OwnedValue> ValueOf(const Json& any, int nesting);

// The encoding of ArrayValue or KeyValueList.
base::Result<std::string> EncodeList(const Json& list, bool pairs, int nesting) {
  if (nesting >= kMaxValueNesting) return NoValue("is nested too deep");
  ProtobufWriter out;
  const std::optional<Json> values = Member(list, "values");
  simdjson::dom::array elements;
  if (!values) return out.Take();
  if (values->get(elements) != simdjson::SUCCESS) return NoValue("has values that are no array");
  for (const Json element : elements) {
    if (!pairs) {
      const OwnedValue value = TRY(ValueOf(element, nesting + 1));
      WriteAnyValue(out, 1, value.view());
      continue;
    }
    const std::optional<Json> key = Member(element, "key");
    const std::optional<Json> member = Member(element, "value");
    const size_t pair = out.Open(1);
    if (key) out.BytesUnlessEmpty(1, TextOf(*key));
    if (member) {
      const OwnedValue value = TRY(ValueOf(*member, nesting + 1));
      WriteAnyValue(out, 2, value.view());
    }
    out.Close(pair);
  }
  return out.Take();
}

base::Result<OwnedValue> ValueOf(const Json& any, int nesting) {
  if (!any.is_object()) return NoValue("is no object");
  if (const auto text = Member(any, "stringValue")) {
    return OwnedValue(ValueView::String({}), std::string(TextOf(*text)));
  }
  if (const auto boolean = Member(any, "boolValue")) {
    bool value = false;
    if (boolean->get(value) != simdjson::SUCCESS) return NoValue("has a boolValue that is none");
    return OwnedValue(ValueView::Bool(value), {});
  }
  if (const auto number = Member(any, "intValue")) {
    const std::optional<int64_t> value = IntegerOf(*number);
    if (!value) return NoValue("has an intValue that is none");
    return OwnedValue(ValueView::Int(*value), {});
  }
  if (const auto number = Member(any, "doubleValue")) {
    const std::optional<double> value = DoubleOf(*number);
    if (!value) return NoValue("has a doubleValue that is none");
    return OwnedValue(ValueView::Double(*value), {});
  }
  if (const auto array = Member(any, "arrayValue")) {
    return OwnedValue(ValueView::Array({}), TRY(EncodeList(*array, false, nesting)));
  }
  if (const auto list = Member(any, "kvlistValue")) {
    return OwnedValue(ValueView::KeyValueList({}), TRY(EncodeList(*list, true, nesting)));
  }
  if (const auto text = Member(any, "bytesValue")) {
    std::optional<std::string> bytes = DecodeBase64(TextOf(*text));
    if (!bytes) return NoValue("has a bytesValue that is no base64");
    return OwnedValue(ValueView::Bytes({}), std::move(*bytes));
  }
  return OwnedValue(ValueView(), {});
}

}  // namespace

base::Result<OwnedValue> ParseOtlpJson(std::string_view json) {
  thread_local simdjson::dom::parser parser;
  Json any;
  if (parser.parse(json.data(), json.size()).get(any) != simdjson::SUCCESS) {
    return NoValue("is no JSON");
  }
  return ValueOf(any, 0);
}

}  // namespace clew::wire
