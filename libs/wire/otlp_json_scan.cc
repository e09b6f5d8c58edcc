// SPDX-License-Identifier: Apache-2.0
// OTLP/JSON, announced as ScanOtlp announces the protobuf of the same request: in the
// sink's order, whatever the order of members.
//
// Rules that OTLP/JSON or protobuf's JSON mapping leave open:
//  - What OTLP/JSON writes is read, and what protobuf's JSON mapping writes as well but for
//    the ids, which are hex in OTLP and base64 there: names in lowerCamelCase or
//    snake_case, enums as numbers or names, 64-bit numbers as strings or numbers.
//  - null is as if the member were not there. Unknown members are passed over.
//  - Of a name that comes twice in an object the last wins; lists are joined. It is the
//    same in protobuf, but that an object is not merged with the one before.
//  - A span with a wrong id, or with a time of its own or of an event that does not fit
//    int64, is rejected alone. A link's id that is none becomes zero.
//  - Half a surrogate pair becomes U+FFFD: that is how JavaScript writes a text that was
//    cut in the middle of a character.
#include "wire/otlp_json_scan.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <string>

#include "wire/json_reader.h"
#include "wire/json_scalar.h"
#include "wire/json_tree.h"
#include "wire/otlp_json_value.h"

namespace clew::wire {
namespace {

using model::RejectReason;

struct EnumName {
  std::string_view name;
  int32_t number;
};
constexpr EnumName kKindNames[] = {{"SPAN_KIND_UNSPECIFIED", 0}, {"SPAN_KIND_INTERNAL", 1},
                                   {"SPAN_KIND_SERVER", 2},      {"SPAN_KIND_CLIENT", 3},
                                   {"SPAN_KIND_PRODUCER", 4},    {"SPAN_KIND_CONSUMER", 5}};
constexpr EnumName kStatusNames[] = {
    {"STATUS_CODE_UNSET", 0}, {"STATUS_CODE_OK", 1}, {"STATUS_CODE_ERROR", 2}};

struct SpanFields {
  model::SpanView view;
  std::string_view trace_id{};
  std::string_view span_id{};
  std::string_view parent_span_id{};
  uint64_t start_unix_nano = 0;
  uint64_t end_unix_nano = 0;
  std::optional<JsonValue> status{};
};

constexpr uint64_t kMaxTime = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());

// An id of all its digits; nullopt when it is none.
template <typename Id>
std::optional<Id> WholeId(std::string_view hex) {
  if (hex.size() != 2 * sizeof(Id::bytes)) return std::nullopt;
  return Id::FromHex(hex);
}

// Reads one request. Lives for one ScanOtlpJson.
class Scanner final : public JsonReader {
 public:
  explicit Scanner(model::SpanSink& sink) : sink_(sink) {}

  bool ScanRequest(JsonValue request);

 private:
  bool ScanResourceSpans(JsonValue resource_spans);
  bool ScanResource(std::optional<JsonValue> object, std::string_view schema_url);
  bool ScanScopeSpans(JsonValue scope_spans);
  bool ScanScope(std::optional<JsonValue> object, std::string_view schema_url);
  bool ScanSpan(JsonValue object);
  bool ReadSpanField(std::string_view key, JsonValue value, SpanFields& span);
  bool ReadStatus(SpanFields& span);
  bool CheckSpan(JsonValue object, SpanFields& span, std::optional<RejectReason>& reason);
  bool ScanEvent(JsonValue object);
  bool ScanLink(JsonValue object);
  bool AnnounceAttributes(JsonValue object);

  bool ReadCount(JsonValue value, uint32_t& count);
  bool ReadTime(JsonValue value, uint64_t& time);
  bool ReadEnum(JsonValue value, std::span<const EnumName> names, int32_t& number);

  // Calls `read` with each element of the lists of that name.
  template <typename Read>
  bool ForEachElement(JsonValue object, std::string_view name, Read read) {
    return ForEachField(object, [&](std::string_view key, JsonValue list) {
      if (!IsJsonField(key, name)) return true;
      return ForEachItem(list, read);
    });
  }

  model::SpanSink& sink_;
  std::string bytes_;  // of the attribute value in hand
};

bool Scanner::ReadCount(JsonValue value, uint32_t& count) {
  const std::optional<uint32_t> number = ReadJsonUint32(value);
  if (!number) return Fail("expected a whole number of 32 bits without sign", value);
  count = *number;
  return true;
}

bool Scanner::ReadTime(JsonValue value, uint64_t& time) {
  const std::optional<uint64_t> number = ReadJsonUint64OrMax(value);
  if (!number) return Fail("expected a whole number of nanoseconds", value);
  time = *number;
  return true;
}

bool Scanner::ReadEnum(JsonValue value, std::span<const EnumName> names, int32_t& number) {
  if (const std::optional<int32_t> read = ReadJsonInt32(value)) {
    number = *read;
    return true;
  }
  if (value.type() != JsonType::kString) return Fail("expected a number or name", value);
  const auto named = std::ranges::find(names, value.text(), &EnumName::name);
  if (named == names.end()) return Fail("unknown name of an enum", value);
  number = named->number;
  return true;
}

bool Scanner::ScanRequest(JsonValue request) {
  return ForEachElement(request, "resourceSpans", [this](JsonValue resource_spans) {
    return ScanResourceSpans(resource_spans);
  });
}

bool Scanner::ScanResourceSpans(JsonValue resource_spans) {
  std::optional<JsonValue> resource;
  std::string_view schema_url;
  const bool read = ForEachField(resource_spans, [&](std::string_view key, JsonValue value) {
    if (key == "resource") return ReadObject(value, resource);
    if (IsJsonField(key, "schemaUrl")) return ReadText(value, schema_url);
    return true;
  });
  return read && ScanResource(resource, schema_url) &&
         ForEachElement(resource_spans, "scopeSpans",
                        [this](JsonValue scope_spans) { return ScanScopeSpans(scope_spans); });
}

bool Scanner::ScanResource(std::optional<JsonValue> object, std::string_view schema_url) {
  model::ResourceView resource{.schema_url = schema_url};
  const auto read_field = [&](std::string_view key, JsonValue value) {
    return !IsJsonField(key, "droppedAttributesCount") ||
           ReadCount(value, resource.dropped_attributes_count);
  };
  if (object && !ForEachField(*object, read_field)) return false;
  sink_.OnResource(resource);
  return !object || AnnounceAttributes(*object);
}

bool Scanner::ScanScopeSpans(JsonValue scope_spans) {
  std::optional<JsonValue> scope;
  std::string_view schema_url;
  const bool read = ForEachField(scope_spans, [&](std::string_view key, JsonValue value) {
    if (key == "scope") return ReadObject(value, scope);
    if (IsJsonField(key, "schemaUrl")) return ReadText(value, schema_url);
    return true;
  });
  return read && ScanScope(scope, schema_url) &&
         ForEachElement(scope_spans, "spans", [this](JsonValue span) { return ScanSpan(span); });
}

bool Scanner::ScanScope(std::optional<JsonValue> object, std::string_view schema_url) {
  model::ScopeView scope{.schema_url = schema_url};
  const auto read_field = [&](std::string_view key, JsonValue value) {
    if (key == "name") return ReadText(value, scope.name);
    if (key == "version") return ReadText(value, scope.version);
    if (IsJsonField(key, "droppedAttributesCount")) {
      return ReadCount(value, scope.dropped_attributes_count);
    }
    return true;
  };
  if (object && !ForEachField(*object, read_field)) return false;
  sink_.OnScope(scope);
  return !object || AnnounceAttributes(*object);
}

bool Scanner::ScanSpan(JsonValue object) {
  SpanFields span;
  const bool read = ForEachField(object, [&](std::string_view key, JsonValue value) {
    return ReadSpanField(key, value, span);
  });
  std::optional<RejectReason> reason;
  if (!read || !ReadStatus(span) || !CheckSpan(object, span, reason)) return false;
  if (reason) {
    sink_.OnRejectedSpan(*reason);
    return true;
  }
  sink_.OnSpan(span.view);
  return AnnounceAttributes(object) &&
         ForEachElement(object, "events", [this](JsonValue event) { return ScanEvent(event); }) &&
         ForEachElement(object, "links", [this](JsonValue link) { return ScanLink(link); });
}

bool Scanner::ReadSpanField(std::string_view key, JsonValue value, SpanFields& span) {
  model::SpanView& view = span.view;
  if (IsJsonField(key, "traceId")) return ReadText(value, span.trace_id);
  if (IsJsonField(key, "spanId")) return ReadText(value, span.span_id);
  if (IsJsonField(key, "traceState")) return ReadText(value, view.trace_state);
  if (IsJsonField(key, "parentSpanId")) return ReadText(value, span.parent_span_id);
  if (key == "name") return ReadText(value, view.name);
  if (key == "flags") return ReadCount(value, view.flags);
  if (key == "status") return ReadObject(value, span.status);
  if (IsJsonField(key, "startTimeUnixNano")) return ReadTime(value, span.start_unix_nano);
  if (IsJsonField(key, "endTimeUnixNano")) return ReadTime(value, span.end_unix_nano);
  if (IsJsonField(key, "droppedAttributesCount")) {
    return ReadCount(value, view.dropped_attributes_count);
  }
  if (IsJsonField(key, "droppedEventsCount")) return ReadCount(value, view.dropped_events_count);
  if (IsJsonField(key, "droppedLinksCount")) return ReadCount(value, view.dropped_links_count);
  if (key != "kind") return true;
  int32_t kind = 0;
  if (!ReadEnum(value, kKindNames, kind)) return false;
  view.kind = static_cast<model::SpanKind>(kind);
  return true;
}

bool Scanner::ReadStatus(SpanFields& span) {
  if (!span.status) return true;
  return ForEachField(*span.status, [&](std::string_view key, JsonValue value) {
    if (key == "message") return ReadText(value, span.view.status_message);
    if (key != "code") return true;
    int32_t code = 0;
    if (!ReadEnum(value, kStatusNames, code)) return false;
    span.view.status_code = static_cast<model::StatusCode>(code);
    return true;
  });
}

// Moves what was checked into the view. `reason` is set when the span is to be left
// out; false only when an event is malformed.
bool Scanner::CheckSpan(JsonValue object, SpanFields& span, std::optional<RejectReason>& reason) {
  uint64_t latest = std::max(span.start_unix_nano, span.end_unix_nano);
  const bool well_formed = ForEachElement(object, "events", [&](JsonValue event) {
    return ForEachField(event, [&](std::string_view key, JsonValue value) {
      if (!IsJsonField(key, "timeUnixNano")) return true;
      uint64_t time = 0;
      if (!ReadTime(value, time)) return false;
      latest = std::max(latest, time);
      return true;
    });
  });
  if (!well_formed) return false;
  const auto trace_id = WholeId<model::TraceId>(span.trace_id);
  const auto span_id = WholeId<model::SpanId>(span.span_id);
  const auto parent_span_id =
      span.parent_span_id.empty() ? model::SpanId() : WholeId<model::SpanId>(span.parent_span_id);
  if (!trace_id || !trace_id->IsValid()) {
    reason = RejectReason::kInvalidTraceId;
  } else if (!span_id || !span_id->IsValid()) {
    reason = RejectReason::kInvalidSpanId;
  } else if (!parent_span_id) {
    reason = RejectReason::kInvalidParentSpanId;
  } else if (latest > kMaxTime) {
    reason = RejectReason::kTimeOutOfRange;
  } else {
    span.view.trace_id = *trace_id;
    span.view.span_id = *span_id;
    span.view.parent_span_id = *parent_span_id;
    span.view.start_unix_nano = static_cast<int64_t>(span.start_unix_nano);
    span.view.end_unix_nano = static_cast<int64_t>(span.end_unix_nano);
  }
  return true;
}

bool Scanner::ScanEvent(JsonValue object) {
  model::EventView event;
  const bool read = ForEachField(object, [&](std::string_view key, JsonValue value) {
    if (key == "name") return ReadText(value, event.name);
    if (IsJsonField(key, "droppedAttributesCount")) {
      return ReadCount(value, event.dropped_attributes_count);
    }
    if (!IsJsonField(key, "timeUnixNano")) return true;
    uint64_t time = 0;
    if (!ReadTime(value, time)) return false;
    event.time_unix_nano = static_cast<int64_t>(time);
    return true;
  });
  if (!read) return false;
  sink_.OnEvent(event);
  return AnnounceAttributes(object);
}

bool Scanner::ScanLink(JsonValue object) {
  model::LinkView link;
  std::string_view trace_id;
  std::string_view span_id;
  const bool read = ForEachField(object, [&](std::string_view key, JsonValue value) {
    if (IsJsonField(key, "traceId")) return ReadText(value, trace_id);
    if (IsJsonField(key, "spanId")) return ReadText(value, span_id);
    if (IsJsonField(key, "traceState")) return ReadText(value, link.trace_state);
    if (key == "flags") return ReadCount(value, link.flags);
    if (IsJsonField(key, "droppedAttributesCount")) {
      return ReadCount(value, link.dropped_attributes_count);
    }
    return true;
  });
  if (!read) return false;
  link.trace_id = model::TraceId::FromHex(trace_id).value_or(model::TraceId());
  link.span_id = model::SpanId::FromHex(span_id).value_or(model::SpanId());
  sink_.OnLink(link);
  return AnnounceAttributes(object);
}

bool Scanner::AnnounceAttributes(JsonValue object) {
  return ForEachElement(object, "attributes", [this](JsonValue pair) {
    KeyValueView attribute;
    if (!ReadJsonKeyValue(pair, 0, bytes_, attribute, failure_)) return false;
    sink_.OnAttribute(attribute.key, attribute.value);
    return true;
  });
}

}  // namespace

base::Status ScanOtlpJson(std::string_view json, model::SpanSink& sink) {
  thread_local JsonTree tree;
  ScanFailure failure;
  if (!tree.Parse(json, failure)) return failure.ToError("otlp json");
  Scanner scanner(sink);
  const bool scanned = scanner.ScanRequest(tree.root());
  tree.Shrink();
  if (!scanned) return scanner.failure().ToError("otlp json");
  return {};
}

}  // namespace clew::wire
