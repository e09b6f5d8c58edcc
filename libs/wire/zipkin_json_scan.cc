// SPDX-License-Identifier: Apache-2.0
// Zipkin's JSON of version 2. What it means is said in zipkin_translator.cc.
//
//  span        {traceId, id, parentId, kind, name, timestamp (us), duration (us), localEndpoint,
//               remoteEndpoint, annotations: [{timestamp, value}], tags: {key: text}}
//  endpoint    {serviceName, ipv4, ipv6, port}
//
// Ids are hex, of any length up to their own.
#include "wire/zipkin_json_scan.h"

#include "wire/json_tree.h"
#include "wire/limits.h"
#include "wire/zipkin_groups.h"
#include "wire/zipkin_json_reader.h"
#include "wire/zipkin_translator.h"

namespace clew::wire {
namespace {

class Reader final : public ZipkinJsonReader {
 public:
  using Groups = ZipkinGroups<ZipkinTranslator, JsonValue>;

  bool ReadDocument(JsonValue root, Groups& groups) {
    return ForEachItem(root, [&](JsonValue item) {
      if (item.type() != JsonType::kArray) return AddSpan(item, groups);
      return ForEachItem(item, [&](JsonValue span) { return AddSpan(span, groups); });
    });
  }

  // REQUIRES: it was read before, without failure.
  const ZipkinSpan& Read(JsonValue object) {
    ReadSpan(object);
    return span_;
  }

 private:
  bool AddSpan(JsonValue object, Groups& groups) {
    if (!ReadSpan(object)) return false;
    groups.Add(span_, object);
    return true;
  }

  bool ReadSpan(JsonValue object) {
    ForgetSpan();
    return ForEachField(
        object, [this](std::string_view key, JsonValue value) { return ReadField(key, value); });
  }

  // Keeps the memory of its lists.
  void ForgetSpan() {
    ZipkinSpan span;
    span.annotations.swap(span_.annotations);
    span.tags.swap(span_.tags);
    span.annotations.clear();
    span.tags.clear();
    span_ = std::move(span);
  }
  bool ReadField(std::string_view key, JsonValue value);
  bool ReadParent(JsonValue value);
  bool ReadKind(JsonValue value);
  bool ReadAnnotation(JsonValue object);

  ZipkinSpan span_;
};

bool Reader::ReadField(std::string_view key, JsonValue value) {
  if (key == "traceId") return ReadId(value, span_.trace_id);
  if (key == "id") return ReadId(value, span_.span_id);
  if (key == "parentId") return ReadParent(value);
  if (key == "kind") return ReadKind(value);
  if (key == "name") return ReadText(value, span_.name);
  if (key == "timestamp") return ReadTime(value, span_.start);
  if (key == "duration") return ReadTime(value, span_.duration);
  if (key == "localEndpoint") return ReadEndpoint(value, span_.local);
  if (key == "remoteEndpoint") return ReadEndpoint(value, span_.remote);
  if (key == "annotations") {
    return ForEachItem(value, [this](JsonValue annotation) { return ReadAnnotation(annotation); });
  }
  if (key == "tags") {
    return ForEachField(value, [this](std::string_view name, JsonValue text) {
      if (span_.tags.size() == kMaxZipkinItems) return Fail("too many tags", text);
      return ReadText(text, span_.tags.emplace_back(name, "").second);
    });
  }
  return true;
}

// Some clients write an empty one where there is none.
bool Reader::ReadParent(JsonValue value) {
  std::string_view text;
  if (!ReadText(value, text)) return false;
  span_.parent_span_id = text.empty() ? model::SpanId() : model::SpanId::FromHex(text);
  return true;
}

bool Reader::ReadKind(JsonValue value) {
  std::string_view text;
  if (!ReadText(value, text)) return false;
  span_.kind = text == "CLIENT"     ? model::SpanKind::kClient
               : text == "SERVER"   ? model::SpanKind::kServer
               : text == "PRODUCER" ? model::SpanKind::kProducer
               : text == "CONSUMER" ? model::SpanKind::kConsumer
                                    : model::SpanKind::kUnspecified;
  return true;
}

bool Reader::ReadAnnotation(JsonValue object) {
  if (span_.annotations.size() == kMaxZipkinItems) return Fail("too many annotations", object);
  ZipkinAnnotation& annotation = span_.annotations.emplace_back();
  return ForEachField(object, [&](std::string_view key, JsonValue value) {
    if (key == "timestamp") return ReadTime(value, annotation.nanos);
    return key != "value" || ReadText(value, annotation.value);
  });
}

}  // namespace

base::Status ScanZipkinJson(std::string_view json, model::SpanSink& sink) {
  thread_local JsonTree tree;
  ScanFailure failure;
  if (!tree.Parse(json, failure)) return failure.ToError("zipkin json");
  Reader reader;
  Reader::Groups groups;
  const bool read = reader.ReadDocument(tree.root(), groups);
  if (read) {
    ZipkinTranslator translator(sink);
    groups.Announce(translator,
                    [&](JsonValue span) -> const ZipkinSpan& { return reader.Read(span); });
  }
  tree.Shrink();
  if (!read) return reader.failure().ToError("zipkin json");
  return {};
}

}  // namespace clew::wire
