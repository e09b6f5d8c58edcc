// SPDX-License-Identifier: Apache-2.0
// The format is told in libs/wire/zipkin_json_scan.cc.
#include "zipkin_json_writer.h"

#include <algorithm>

#include "wire/value_json.h"

namespace clew::bench {
namespace {

using model::ValueView;

std::string TextOf(const ValueView& value) {
  const bool is_text =
      value.type == ValueView::Type::kString || value.type == ValueView::Type::kEmpty;
  return is_text ? std::string(value.text) : wire::ToPlainJson(value);
}

// Empty for those that the format does not have.
std::string_view KindText(model::SpanKind kind) {
  switch (kind) {
    case model::SpanKind::kUnspecified:
    case model::SpanKind::kInternal:
      return "";
    case model::SpanKind::kServer:
      return "SERVER";
    case model::SpanKind::kClient:
      return "CLIENT";
    case model::SpanKind::kProducer:
      return "PRODUCER";
    case model::SpanKind::kConsumer:
      return "CONSUMER";
  }
  return "";
}

}  // namespace

void ZipkinJsonWriter::OnResource(const model::ResourceView&) {
  CloseSpan();
  service_name_.clear();
  resource_tags_.clear();
  owner_ = Owner::kResource;
}

void ZipkinJsonWriter::OnScope(const model::ScopeView& scope) {
  CloseSpan();
  scope_name_ = scope.name;
  scope_version_ = scope.version;
  owner_ = Owner::kScope;
}

void ZipkinJsonWriter::PutHead(const model::SpanView& span) {
  out_.TextMember("traceId", span.trace_id.ToHex());
  out_.TextMember("id", span.span_id.ToHex());
  if (span.parent_span_id != model::SpanId()) {
    out_.TextMember("parentId", span.parent_span_id.ToHex());
  }
  out_.TextMember("name", span.name);
  const std::string_view kind = KindText(span.kind);
  if (!kind.empty()) out_.TextMember("kind", kind);
  const int64_t start_us = span.start_unix_nano / 1000;
  out_.NumberMember("timestamp", static_cast<uint64_t>(start_us));
  const int64_t duration_us = std::max<int64_t>(span.end_unix_nano / 1000 - start_us, 1);
  out_.NumberMember("duration", static_cast<uint64_t>(duration_us));
  out_.Key("localEndpoint");
  out_.BeginObject();
  out_.TextMember("serviceName", service_name_);
  out_.EndObject();
}

void ZipkinJsonWriter::OnSpan(const model::SpanView& span) {
  CloseSpan();
  in_span_ = in_tags_ = true;
  owner_ = Owner::kSpan;
  out_.BeginObject();
  PutHead(span);
  out_.Key("tags");
  out_.BeginObject();
  for (const auto& [key, text] : resource_tags_) out_.TextMember(key, text);
  if (!scope_name_.empty()) out_.TextMember("otel.scope.name", scope_name_);
  if (!scope_version_.empty()) out_.TextMember("otel.scope.version", scope_version_);
  if (span.kind == model::SpanKind::kInternal) out_.TextMember("span.kind", "internal");
  if (span.status_code == model::StatusCode::kOk) out_.TextMember("otel.status_code", "OK");
  if (span.status_code == model::StatusCode::kError) {
    out_.TextMember("otel.status_code", "ERROR");
    out_.TextMember("error", span.status_message.empty() ? "true" : span.status_message);
  }
}

void ZipkinJsonWriter::OnEvent(const model::EventView& event) {
  CloseEvent();
  CloseTags();
  if (!std::exchange(in_events_, true)) {
    out_.Key("annotations");
    out_.BeginArray();
  }
  in_event_ = true;
  owner_ = Owner::kEvent;
  event_time_us_ = event.time_unix_nano / 1000;
  event_name_ = event.name;
  event_attributes_ = {};
  event_attributes_.BeginObject();
}

void ZipkinJsonWriter::OnLink(const model::LinkView&) {
  CloseEvent();
  owner_ = Owner::kLink;
}

void ZipkinJsonWriter::OnAttribute(std::string_view key, const ValueView& value) {
  switch (owner_) {
    case Owner::kResource:
      if (key == "service.name") {
        service_name_ = value.text;
      } else {
        resource_tags_.emplace_back(key, TextOf(value));
      }
      return;
    case Owner::kSpan:
      return out_.TextMember(key, TextOf(value));
    case Owner::kEvent:
      return event_attributes_.TextMember(key, TextOf(value));
    case Owner::kScope:
    case Owner::kLink:
      return;  // The format has no place for them.
  }
}

void ZipkinJsonWriter::CloseTags() {
  if (std::exchange(in_tags_, false)) out_.EndObject();
}

void ZipkinJsonWriter::CloseEvent() {
  if (!std::exchange(in_event_, false)) return;
  event_attributes_.EndObject();
  out_.BeginObject();
  out_.NumberMember("timestamp", static_cast<uint64_t>(event_time_us_));
  out_.TextMember("value", event_name_ + "|" + event_attributes_.Take() + "|0");
  out_.EndObject();
}

void ZipkinJsonWriter::CloseSpan() {
  CloseEvent();
  CloseTags();
  if (std::exchange(in_events_, false)) out_.EndArray();
  if (std::exchange(in_span_, false)) out_.EndObject();
}

std::string ZipkinJsonWriter::Take() {
  CloseSpan();
  out_.EndArray();
  return out_.Take();
}

}  // namespace clew::bench
