// SPDX-License-Identifier: Apache-2.0
// Zipkin's JSON of version 1. What it means is said in zipkin_v1_translator.cc.
//
//  span               {traceId, id, parentId, name, timestamp (us), duration (us), annotations,
//                      binaryAnnotations}
//  annotation         {timestamp (us), value, endpoint}
//  binary annotation  {key, value, type, endpoint}
//  endpoint           {serviceName, ipv4, ipv6, port}
//
// Ids are hex of full length, a trace's of 16 digits or 32, and not zero. A value that is a text
// is a number or truth where its type says so.
#include "wire/zipkin_v1_json_scan.h"

#include "wire/json_tree.h"
#include "wire/limits.h"
#include "wire/zipkin_groups.h"
#include "wire/zipkin_json_reader.h"
#include "wire/zipkin_v1_translator.h"

namespace clew::wire {
namespace {

using model::ValueView;

class Reader final : public ZipkinJsonReader {
 public:
  using Groups = ZipkinGroups<ZipkinV1Translator, JsonValue>;

  bool ReadDocument(JsonValue root, Groups& groups) {
    return ForEachItem(root, [&](JsonValue object) {
      if (!ReadSpan(object)) return false;
      groups.Add(span_, object);
      return true;
    });
  }

  // REQUIRES: it was read before, without failure.
  const ZipkinV1Span& Read(JsonValue object) {
    ReadSpan(object);
    return span_;
  }

 private:
  bool ReadSpan(JsonValue object);
  bool ReadField(std::string_view key, JsonValue value);
  bool ReadTraceId(JsonValue value);
  bool ReadSpanId(JsonValue value);
  bool ReadParent(JsonValue value);
  bool ReadAnnotation(JsonValue object);
  bool ReadBinaryAnnotation(JsonValue object);

  ZipkinV1Span span_;
};

constexpr size_t kSpanIdDigits = 16;

bool Reader::ReadSpan(JsonValue object) {
  span_ = {};
  if (!ForEachField(object, [this](std::string_view key, JsonValue value) {
        return ReadField(key, value);
      })) {
    return false;
  }
  if (!span_.trace_id.IsValid()) return Fail("span without a traceId", object);
  return span_.span_id.IsValid() || Fail("span without an id", object);
}

bool Reader::ReadField(std::string_view key, JsonValue value) {
  if (key == "traceId") return ReadTraceId(value);
  if (key == "id") return ReadSpanId(value);
  if (key == "parentId") return ReadParent(value);
  if (key == "name") return ReadText(value, span_.name);
  if (key == "timestamp") return ReadTime(value, span_.start);
  if (key == "duration") return ReadTime(value, span_.duration);
  if (key == "annotations") {
    return ForEachItem(value, [this](JsonValue one) { return ReadAnnotation(one); });
  }
  if (key == "binaryAnnotations") {
    return ForEachItem(value, [this](JsonValue one) { return ReadBinaryAnnotation(one); });
  }
  return true;
}

bool Reader::ReadTraceId(JsonValue value) {
  std::string_view text;
  if (!ReadText(value, text)) return false;
  const auto id = model::TraceId::FromHex(text);
  const bool full = text.size() == kSpanIdDigits || text.size() == 2 * kSpanIdDigits;
  if (!full || !id || !id->IsValid()) {
    return Fail("expected a traceId of 16 or 32 hex digits, not all zero", value);
  }
  span_.trace_id = *id;
  return true;
}

bool Reader::ReadSpanId(JsonValue value) {
  std::string_view text;
  if (!ReadText(value, text)) return false;
  const auto id = model::SpanId::FromHex(text);
  if (text.size() != kSpanIdDigits || !id || !id->IsValid()) {
    return Fail("expected an id of 16 hex digits, not all zero", value);
  }
  span_.span_id = *id;
  return true;
}

// Some clients write an empty one, or zeros, where there is none.
bool Reader::ReadParent(JsonValue value) {
  std::string_view text;
  if (!ReadText(value, text)) return false;
  if (text.empty()) return true;
  const auto id = model::SpanId::FromHex(text);
  if (text.size() != kSpanIdDigits || !id)
    return Fail("expected a parentId of 16 hex digits", value);
  span_.parent_span_id = *id;
  return true;
}

bool Reader::ReadAnnotation(JsonValue object) {
  if (span_.annotations.size() == kMaxZipkinItems) return Fail("too many annotations", object);
  ZipkinV1Annotation& annotation = span_.annotations.emplace_back();
  return ForEachField(object, [&](std::string_view key, JsonValue value) {
    if (key == "timestamp") return ReadTime(value, annotation.nanos);
    if (key == "value") return ReadText(value, annotation.value);
    return key != "endpoint" || ReadEndpoint(value, annotation.endpoint);
  });
}

ValueView TextAs(std::string_view type, JsonValue value) {
  if (type == "I16" || type == "I32" || type == "I64") {
    if (const auto whole = ReadJsonInt64(value)) return ValueView::Int(*whole);
  }
  if (type == "DOUBLE") {
    if (const auto number = ReadJsonDouble(value)) return ValueView::Double(*number);
  }
  if (type == "BOOL" && (value.text() == "true" || value.text() == "false")) {
    return ValueView::Bool(value.text() == "true");
  }
  return ValueView::String(value.text());
}

bool Reader::ReadBinaryAnnotation(JsonValue object) {
  if (span_.binary_annotations.size() == kMaxZipkinItems) {
    return Fail("too many binary annotations", object);
  }
  ZipkinBinaryAnnotation& annotation = span_.binary_annotations.emplace_back();
  std::string_view type;
  std::optional<JsonValue> value;
  const bool read = ForEachField(object, [&](std::string_view key, JsonValue member) {
    if (key == "key") return ReadText(member, annotation.key);
    if (key == "type") return ReadText(member, type);
    if (key == "value") value = member;
    return key != "endpoint" || ReadEndpoint(member, annotation.endpoint);
  });
  if (!read || !value) return read;
  const std::optional<ValueView> plain = ReadPlainValue(*value, type == "DOUBLE");
  if (!plain) return Fail("expected a text, a number or a truth value", *value);
  annotation.value = value->type() == JsonType::kString ? TextAs(type, *value) : *plain;
  return true;
}

}  // namespace

base::Status ScanZipkinJsonV1(std::string_view json, model::SpanSink& sink) {
  JsonTree tree;
  ScanFailure failure;
  if (!tree.Parse(json, failure)) return failure.ToError("zipkin v1 json");
  Reader reader;
  Reader::Groups groups;
  if (!reader.ReadDocument(tree.root(), groups)) return reader.failure().ToError("zipkin v1 json");
  ZipkinV1Translator translator(sink);
  groups.Announce(translator,
                  [&](JsonValue span) -> const ZipkinV1Span& { return reader.Read(span); });
  return {};
}

}  // namespace clew::wire
