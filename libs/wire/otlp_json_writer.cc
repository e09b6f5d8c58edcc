// SPDX-License-Identifier: Apache-2.0
#include "wire/otlp_json_writer.h"

#include "wire/otlp_json_value.h"

namespace clew::wire {
namespace {

using model::ValueView;

std::string_view NameOf(model::SpanKind kind) {
  switch (kind) {
    case model::SpanKind::kUnspecified:
      return "SPAN_KIND_UNSPECIFIED";
    case model::SpanKind::kInternal:
      return "SPAN_KIND_INTERNAL";
    case model::SpanKind::kServer:
      return "SPAN_KIND_SERVER";
    case model::SpanKind::kClient:
      return "SPAN_KIND_CLIENT";
    case model::SpanKind::kProducer:
      return "SPAN_KIND_PRODUCER";
    case model::SpanKind::kConsumer:
      return "SPAN_KIND_CONSUMER";
  }
  return {};
}

std::string_view NameOf(model::StatusCode code) {
  switch (code) {
    case model::StatusCode::kUnset:
      return "STATUS_CODE_UNSET";
    case model::StatusCode::kOk:
      return "STATUS_CODE_OK";
    case model::StatusCode::kError:
      return "STATUS_CODE_ERROR";
  }
  return {};
}

void WriteText(JsonWriter& out, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  out.Key(key);
  out.String(text);
}

void WriteCount(JsonWriter& out, std::string_view key, uint32_t count) {
  if (count == 0) return;
  out.Key(key);
  out.Number(static_cast<int64_t>(count));
}

void WriteTime(JsonWriter& out, std::string_view key, int64_t time) {
  if (time == 0) return;
  out.Key(key);
  out.NumberAsString(time);
}

}  // namespace

template <typename Id>
void OtlpJsonWriter::WriteId(std::string_view key, const Id& id) {
  if (!id.IsValid()) return;
  out_.Key(key);
  if (dialect_ == JsonDialect::kOtlp) return out_.String(id.ToHex());
  out_.Base64({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
}

// A number without a name is written as one in either dialect.
void OtlpJsonWriter::WriteEnum(std::string_view key, int32_t number, std::string_view name) {
  if (number == 0) return;
  out_.Key(key);
  if (dialect_ == JsonDialect::kOtlp || name.empty()) return out_.Number(int64_t{number});
  out_.String(name);
}

void OtlpJsonWriter::WriteStatus(const model::SpanView& span) {
  out_.Key("status");
  out_.BeginObject();
  WriteText(out_, "message", span.status_message);
  WriteEnum("code", static_cast<int32_t>(span.status_code), NameOf(span.status_code));
  out_.EndObject();
}

void OtlpJsonWriter::CloseAttributes() {
  if (!in_attributes_) return;
  out_.EndArray();
  in_attributes_ = false;
}

// Ends the open event or link; the list they are in stays open.
void OtlpJsonWriter::CloseItem() {
  CloseAttributes();
  if (level_ != Level::kEvent && level_ != Level::kLink) return;
  out_.EndObject();
}

void OtlpJsonWriter::CloseSpan() {
  CloseItem();
  if (level_ < Level::kSpan) return;
  if (in_items_) out_.EndArray();
  in_items_ = false;
  out_.EndObject();
  level_ = Level::kScope;
}

void OtlpJsonWriter::CloseScope() {
  CloseSpan();
  if (level_ < Level::kScope) return;
  if (in_head_) out_.EndObject();
  in_head_ = false;
  if (in_spans_) out_.EndArray();
  in_spans_ = false;
  WriteText(out_, "schemaUrl", scope_schema_url_);
  out_.EndObject();
  level_ = Level::kResource;
}

void OtlpJsonWriter::CloseResource() {
  CloseScope();
  if (level_ < Level::kResource) return;
  if (in_head_) out_.EndObject();
  in_head_ = false;
  if (in_scopes_) out_.EndArray();
  in_scopes_ = false;
  WriteText(out_, "schemaUrl", resource_schema_url_);
  out_.EndObject();
  level_ = Level::kNone;
}

void OtlpJsonWriter::OnResource(const model::ResourceView& resource) {
  CloseResource();
  out_.BeginObject();
  out_.Key("resource");
  out_.BeginObject();
  WriteCount(out_, "droppedAttributesCount", resource.dropped_attributes_count);
  in_head_ = true;
  resource_schema_url_ = resource.schema_url;
  level_ = Level::kResource;
}

void OtlpJsonWriter::OnScope(const model::ScopeView& scope) {
  CloseScope();
  CloseAttributes();
  if (!in_scopes_) {
    out_.EndObject();  // the resource
    out_.Key("scopeSpans");
    out_.BeginArray();
    in_scopes_ = true;
  }
  out_.BeginObject();
  out_.Key("scope");
  out_.BeginObject();
  WriteText(out_, "name", scope.name);
  WriteText(out_, "version", scope.version);
  WriteCount(out_, "droppedAttributesCount", scope.dropped_attributes_count);
  in_head_ = true;
  scope_schema_url_ = scope.schema_url;
  level_ = Level::kScope;
}

void OtlpJsonWriter::OnSpan(const model::SpanView& span) {
  CloseSpan();
  CloseAttributes();
  if (!in_spans_) {
    out_.EndObject();  // the scope
    in_head_ = false;
    out_.Key("spans");
    out_.BeginArray();
    in_spans_ = true;
  }
  out_.BeginObject();
  WriteId("traceId", span.trace_id);
  WriteId("spanId", span.span_id);
  WriteText(out_, "traceState", span.trace_state);
  WriteId("parentSpanId", span.parent_span_id);
  WriteText(out_, "name", span.name);
  WriteEnum("kind", static_cast<int32_t>(span.kind), NameOf(span.kind));
  WriteTime(out_, "startTimeUnixNano", span.start_unix_nano);
  WriteTime(out_, "endTimeUnixNano", span.end_unix_nano);
  WriteCount(out_, "droppedAttributesCount", span.dropped_attributes_count);
  WriteCount(out_, "droppedEventsCount", span.dropped_events_count);
  WriteCount(out_, "droppedLinksCount", span.dropped_links_count);
  WriteCount(out_, "flags", span.flags);
  WriteStatus(span);
  level_ = Level::kSpan;
}

void OtlpJsonWriter::OnEvent(const model::EventView& event) {
  CloseItem();
  if (level_ != Level::kEvent) {
    out_.Key("events");
    out_.BeginArray();
    in_items_ = true;
  }
  out_.BeginObject();
  WriteTime(out_, "timeUnixNano", event.time_unix_nano);
  WriteText(out_, "name", event.name);
  WriteCount(out_, "droppedAttributesCount", event.dropped_attributes_count);
  level_ = Level::kEvent;
}

void OtlpJsonWriter::OnLink(const model::LinkView& link) {
  CloseItem();
  if (level_ != Level::kLink) {
    if (in_items_) out_.EndArray();
    out_.Key("links");
    out_.BeginArray();
    in_items_ = true;
  }
  out_.BeginObject();
  WriteId("traceId", link.trace_id);
  WriteId("spanId", link.span_id);
  WriteText(out_, "traceState", link.trace_state);
  WriteCount(out_, "flags", link.flags);
  WriteCount(out_, "droppedAttributesCount", link.dropped_attributes_count);
  level_ = Level::kLink;
}

void OtlpJsonWriter::OnAttribute(std::string_view key, const ValueView& value) {
  if (!in_attributes_) {
    out_.Key("attributes");
    out_.BeginArray();
    in_attributes_ = true;
  }
  WriteJsonKeyValue(out_, key, value);
}

std::string OtlpJsonWriter::Take() {
  CloseResource();
  out_.EndArray();
  return out_.Take();
}

}  // namespace clew::wire
