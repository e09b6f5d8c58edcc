// SPDX-License-Identifier: Apache-2.0
// Jaeger's JSON, translated by the rules of jaeger_span.h.
//
//  trace    {traceID, spans: [span], processes: {id: process}}
//  process  {serviceName, tags: [tag]}
//  span     {traceID, spanID, parentSpanID, operationName, references, startTime (us),
//            duration (us), tags, logs, processID or process}
//  log      {timestamp (us), fields: [tag]}
//  tag      {key, type: string, bool, int64, float64 or binary, value}
//
// Ids are hex, of any length up to their own. A tag whose value is not of its type is what its
// value looks like.
#include "wire/jaeger_json_scan.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "wire/base64.h"
#include "wire/jaeger_process.h"
#include "wire/jaeger_span.h"
#include "wire/json_reader.h"
#include "wire/json_scalar.h"
#include "wire/micros_json.h"

namespace clew::wire {
namespace {

using model::ValueView;

struct Log {
  std::optional<int64_t> time_unix_nano = 0;
  std::vector<JaegerTag> fields;

  template <typename Visit>
  void ForEachField(Visit visit) const {
    for (const JaegerTag& field : fields) visit(field);
  }
};

struct JaegerSpan {
  std::string_view trace_id{};
  std::string_view span_id{};
  std::string_view parent_span_id{};
  std::string_view name{};
  std::optional<int64_t> start = 0;
  std::optional<int64_t> duration = 0;
  std::vector<JaegerReference> references;
  std::vector<JaegerTag> tags;
  std::vector<Log> logs;

  template <typename Visit>
  void ForEachTag(Visit visit) const {
    for (const JaegerTag& tag : tags) visit(tag);
  }
  template <typename Visit>
  void ForEachLog(Visit visit) const {
    for (const Log& log : logs) visit(log);
  }
  template <typename Visit>
  void ForEachReference(Visit visit) const {
    for (const JaegerReference& reference : references) visit(reference);
  }
};

// The spans of one process, in their order.
struct Group {
  std::optional<JsonValue> process{};
  std::vector<JsonValue> spans;
};

class Scanner final : public JsonReader {
 public:
  explicit Scanner(model::SpanSink& sink) : sink_(sink) {}

  bool ScanDocument(JsonValue root);

 private:
  bool ScanTraces(JsonValue list) {
    return ForEachItem(list, [this](JsonValue trace) { return ScanTrace(trace); });
  }
  bool ScanTrace(JsonValue trace);
  bool GroupSpans(JsonValue spans, std::optional<JsonValue> processes, std::vector<Group>& groups);
  bool AnnounceProcess(const Group& group);
  bool ScanSpan(JsonValue object);
  bool ReadSpanField(std::string_view key, JsonValue value, JaegerSpan& span);
  bool ReadTags(JsonValue list, std::vector<JaegerTag>& tags);
  bool ReadTag(JsonValue object, JaegerTag& tag);
  ValueView ValueOf(JsonValue value, std::string_view type);
  bool ReadReference(JsonValue object, JaegerReference& reference);
  bool ReadLog(JsonValue object, Log& log);
  bool ReadTime(JsonValue value, std::optional<int64_t>& nanos);

  model::SpanSink& sink_;
  std::deque<std::string> bytes_;  // of the binary tags of the span or process in hand
};

// All zeros when it is malformed.
template <typename Id>
Id IdOf(std::string_view hex) {
  return Id::FromHex(hex).value_or(Id());
}

std::optional<JsonValue> MemberOf(JsonValue object, std::string_view name) {
  JsonMembers member(object);
  std::optional<JsonValue> found;
  while (member.Next()) {
    if (member.key() == name && !member.value().is_null()) found = member.value();
  }
  return found;
}

bool Scanner::ScanDocument(JsonValue root) {
  if (root.type() == JsonType::kArray) return ScanTraces(root);
  if (const std::optional<JsonValue> data = MemberOf(root, "data")) return ScanTraces(*data);
  return ScanTrace(root);
}

bool Scanner::ScanTrace(JsonValue trace) {
  if (trace.type() != JsonType::kObject) return Fail("expected a trace", trace);
  const std::optional<JsonValue> spans = MemberOf(trace, "spans");
  if (!spans) return Fail("expected a trace with its spans", trace);
  std::vector<Group> groups;
  if (!GroupSpans(*spans, MemberOf(trace, "processes"), groups)) return false;
  for (const Group& group : groups) {
    if (!AnnounceProcess(group)) return false;
    sink_.OnScope({});
    for (const JsonValue span : group.spans) {
      if (!ScanSpan(span)) return false;
    }
  }
  return true;
}

// By process, in the order of their first spans; a span with a process of its own stands alone.
bool Scanner::GroupSpans(JsonValue spans, std::optional<JsonValue> processes,
                         std::vector<Group>& groups) {
  std::unordered_map<std::string_view, JsonValue> known;
  if (processes && !ForEachField(*processes, [&](std::string_view id, JsonValue process) {
        known.insert_or_assign(id, process);
        return true;
      })) {
    return false;
  }
  std::unordered_map<std::string_view, size_t> places;
  return ForEachItem(spans, [&](JsonValue span) {
    std::string_view id;
    std::optional<JsonValue> own;
    const bool read = ForEachField(span, [&](std::string_view key, JsonValue value) {
      if (key == "processID") return ReadText(value, id);
      return key != "process" || ReadObject(value, own);
    });
    if (!read) return false;
    if (own) {
      groups.push_back({.process = own, .spans = {span}});
      return true;
    }
    const auto [place, added] = places.try_emplace(id, groups.size());
    if (added) {
      const auto process = known.find(id);
      groups.push_back(
          {.process = process == known.end() ? std::nullopt : std::optional(process->second),
           .spans = {}});
    }
    groups[place->second].spans.push_back(span);
    return true;
  });
}

bool Scanner::AnnounceProcess(const Group& group) {
  bytes_.clear();
  std::string_view service_name = kNoServiceName;
  std::vector<JaegerTag> tags;
  const auto read_field = [&](std::string_view key, JsonValue value) {
    if (key == "serviceName") return ReadText(value, service_name);
    return key != "tags" || ReadTags(value, tags);
  };
  if (group.process && !ForEachField(*group.process, read_field)) return false;
  const auto for_each_tag = [&](auto visit) {
    for (const JaegerTag& tag : tags) visit(tag);
  };
  AnnounceJaegerProcess(service_name, for_each_tag, sink_);
  return true;
}

bool Scanner::ReadTime(JsonValue value, std::optional<int64_t>& nanos) {
  const JsonTime time = ReadJsonMicros(value);
  if (!time.is_number) return Fail("expected a number of microseconds", value);
  nanos = time.nanos;
  return true;
}

bool Scanner::ReadTags(JsonValue list, std::vector<JaegerTag>& tags) {
  return ForEachItem(list, [&](JsonValue object) { return ReadTag(object, tags.emplace_back()); });
}

bool Scanner::ReadTag(JsonValue object, JaegerTag& tag) {
  std::string_view type;
  std::optional<JsonValue> value;
  const bool read = ForEachField(object, [&](std::string_view key, JsonValue member) {
    if (key == "key") return ReadText(member, tag.key);
    if (key == "type") return ReadText(member, type);
    if (key == "value") value = member;
    return true;
  });
  if (read && value) tag.value = ValueOf(*value, type);
  return read;
}

ValueView Scanner::ValueOf(JsonValue value, std::string_view type) {
  switch (value.type()) {
    case JsonType::kTrue:
    case JsonType::kFalse:
      return ValueView::Bool(value.type() == JsonType::kTrue);
    case JsonType::kNumber: {
      const std::optional<int64_t> whole = ReadJsonInt64(value);
      if (whole && type != "float64") return ValueView::Int(*whole);
      return ValueView::Double(ReadJsonDouble(value).value_or(0));
    }
    case JsonType::kString:
      break;
    default:
      return {};
  }
  if (type == "int64") {
    if (const std::optional<int64_t> whole = ReadJsonInt64(value)) return ValueView::Int(*whole);
  } else if (type == "float64") {
    if (const std::optional<double> number = ReadJsonDouble(value)) {
      return ValueView::Double(*number);
    }
  } else if (type == "bool" && (value.text() == "true" || value.text() == "false")) {
    return ValueView::Bool(value.text() == "true");
  } else if (type == "binary") {
    if (std::optional<std::string> bytes = DecodeBase64(value.text())) {
      return ValueView::Bytes(bytes_.emplace_back(*std::move(bytes)));
    }
  }
  return ValueView::String(value.text());
}

bool Scanner::ReadReference(JsonValue object, JaegerReference& reference) {
  std::string_view type;
  std::string_view trace_id;
  std::string_view span_id;
  const bool read = ForEachField(object, [&](std::string_view key, JsonValue value) {
    if (key == "refType") return ReadText(value, type);
    if (key == "traceID") return ReadText(value, trace_id);
    if (key == "spanID") return ReadText(value, span_id);
    return true;
  });
  reference = {.is_child_of = type != "FOLLOWS_FROM",
               .trace_id = IdOf<model::TraceId>(trace_id),
               .span_id = IdOf<model::SpanId>(span_id)};
  return read;
}

bool Scanner::ReadLog(JsonValue object, Log& log) {
  return ForEachField(object, [&](std::string_view key, JsonValue value) {
    if (key == "timestamp") return ReadTime(value, log.time_unix_nano);
    return key != "fields" || ReadTags(value, log.fields);
  });
}

bool Scanner::ReadSpanField(std::string_view key, JsonValue value, JaegerSpan& span) {
  if (key == "traceID") return ReadText(value, span.trace_id);
  if (key == "spanID") return ReadText(value, span.span_id);
  if (key == "parentSpanID") return ReadText(value, span.parent_span_id);
  if (key == "operationName") return ReadText(value, span.name);
  if (key == "startTime") return ReadTime(value, span.start);
  if (key == "duration") return ReadTime(value, span.duration);
  if (key == "tags") return ReadTags(value, span.tags);
  if (key == "references") {
    return ForEachItem(value, [&](JsonValue reference) {
      return ReadReference(reference, span.references.emplace_back());
    });
  }
  if (key == "logs") {
    return ForEachItem(value,
                       [&](JsonValue log) { return ReadLog(log, span.logs.emplace_back()); });
  }
  return true;
}

bool LogTimesFit(const JaegerSpan& span) {
  return std::ranges::all_of(span.logs,
                             [](const Log& log) { return log.time_unix_nano.has_value(); });
}

bool Scanner::ScanSpan(JsonValue object) {
  bytes_.clear();
  JaegerSpan span;
  const bool read = ForEachField(object, [&](std::string_view key, JsonValue value) {
    return ReadSpanField(key, value, span);
  });
  if (!read) return false;
  AnnounceJaegerSpan(span,
                     {.trace_id = IdOf<model::TraceId>(span.trace_id),
                      .span_id = IdOf<model::SpanId>(span.span_id),
                      .parent_span_id = IdOf<model::SpanId>(span.parent_span_id),
                      .name = span.name,
                      .start_unix_nano = span.start,
                      .end_unix_nano = AddNanos(span.start, span.duration),
                      .log_times_fit = LogTimesFit(span)},
                     sink_);
  return true;
}

}  // namespace

base::Status ScanJaegerJson(std::string_view json, model::SpanSink& sink) {
  JsonTree tree;
  ScanFailure failure;
  if (!tree.Parse(json, failure)) return failure.ToError("jaeger json");
  Scanner scanner(sink);
  if (!scanner.ScanDocument(tree.root())) return scanner.failure().ToError("jaeger json");
  return {};
}

}  // namespace clew::wire
