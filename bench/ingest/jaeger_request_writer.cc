// SPDX-License-Identifier: Apache-2.0
// The fields are told in libs/wire/jaeger_proto_scan.cc.
#include "jaeger_request_writer.h"

#include <bit>

#include "wire/jaeger_status.h"
#include "wire/value_json.h"

namespace clew::bench {
namespace {

using model::ValueView;

constexpr uint32_t kProcessTags = 2, kSpanTags = 8, kLogFields = 2;

template <typename Id>
std::string_view Raw(const Id& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

}  // namespace

void JaegerRequestWriter::CloseIfOpen(Message& message) {
  if (message) out_.Close(*message);
  message.reset();
}

void JaegerRequestWriter::CloseSpan() {
  CloseIfOpen(log_);
  CloseIfOpen(span_);
  in_link_ = false;
}

void JaegerRequestWriter::OnResource(const model::ResourceView&) {
  CloseSpan();
  process_ = out_.Open(2);
}

void JaegerRequestWriter::OnScope(const model::ScopeView& scope) {
  CloseSpan();
  CloseIfOpen(process_);
  scope_name_ = scope.name;
  scope_version_ = scope.version;
}

void JaegerRequestWriter::PutTime(uint32_t field, int64_t nanos) {
  const size_t time = out_.Open(field);
  out_.VarintUnlessZero(1, static_cast<uint64_t>(nanos / 1'000'000'000));
  out_.VarintUnlessZero(2, static_cast<uint64_t>(nanos % 1'000'000'000));
  out_.Close(time);
}

void JaegerRequestWriter::PutReference(const model::TraceId& trace_id, const model::SpanId& span_id,
                                       bool child_of) {
  const size_t reference = out_.Open(4);
  out_.Bytes(1, Raw(trace_id));
  out_.Bytes(2, Raw(span_id));
  out_.VarintUnlessZero(3, child_of ? 0 : 1);
  out_.Close(reference);
}

void JaegerRequestWriter::OnSpan(const model::SpanView& span) {
  CloseSpan();
  span_ = out_.Open(1);
  out_.Bytes(1, Raw(span.trace_id));
  out_.Bytes(2, Raw(span.span_id));
  out_.BytesUnlessEmpty(3, span.name);
  if (span.parent_span_id != model::SpanId()) {
    PutReference(span.trace_id, span.parent_span_id, true);
  }
  out_.VarintUnlessZero(5, span.flags & 1);
  PutTime(6, span.start_unix_nano);
  PutTime(7, span.end_unix_nano - span.start_unix_nano);
  const auto tag = [this](std::string_view key, std::string_view text) {
    if (!text.empty()) PutTag(kSpanTags, key, ValueView::String(text));
  };
  tag("otel.scope.name", scope_name_);
  tag("otel.scope.version", scope_version_);
  tag("span.kind", wire::JaegerKind(span.kind));
  if (span.status_code == model::StatusCode::kOk) tag("otel.status_code", "OK");
  if (span.status_code == model::StatusCode::kError) {
    tag("otel.status_code", "ERROR");
    PutTag(kSpanTags, "error", ValueView::Bool(true));
  }
  tag("otel.status_description", span.status_message);
}

void JaegerRequestWriter::OnEvent(const model::EventView& event) {
  CloseIfOpen(log_);
  log_ = out_.Open(9);
  PutTime(1, event.time_unix_nano);
  if (!event.name.empty()) PutTag(kLogFields, "event", ValueView::String(event.name));
}

void JaegerRequestWriter::OnLink(const model::LinkView& link) {
  CloseIfOpen(log_);
  in_link_ = true;
  PutReference(link.trace_id, link.span_id, false);
}

// Those of a scope and of a link have no place in the format.
void JaegerRequestWriter::OnAttribute(std::string_view key, const ValueView& value) {
  if (log_) return PutTag(kLogFields, key, value);
  if (in_link_) return;
  if (span_) return PutTag(kSpanTags, key, value);
  if (!process_) return;
  if (key == "service.name") return out_.Bytes(1, value.text);
  PutTag(kProcessTags, key, value);
}

void JaegerRequestWriter::PutTag(uint32_t field, std::string_view key, const ValueView& value) {
  const size_t tag = out_.Open(field);
  out_.Bytes(1, key);
  switch (value.type) {
    case ValueView::Type::kEmpty:
    case ValueView::Type::kString:
      out_.BytesUnlessEmpty(3, value.text);
      break;
    case ValueView::Type::kBool:
      out_.Varint(2, 1);
      out_.VarintUnlessZero(4, value.boolean ? 1 : 0);
      break;
    case ValueView::Type::kInt:
      out_.Varint(2, 2);
      out_.VarintUnlessZero(5, static_cast<uint64_t>(value.integer));
      break;
    case ValueView::Type::kDouble:
      out_.Varint(2, 3);
      out_.Fixed64(6, std::bit_cast<uint64_t>(value.number));
      break;
    case ValueView::Type::kBytes:
      out_.Varint(2, 4);
      out_.BytesUnlessEmpty(7, value.text);
      break;
    case ValueView::Type::kArray:
    case ValueView::Type::kKeyValueList:
      out_.Bytes(3, wire::ToPlainJson(value));
      break;
  }
  out_.Close(tag);
}

std::string JaegerRequestWriter::Take() {
  CloseSpan();
  CloseIfOpen(process_);
  CloseIfOpen(batch_);
  return out_.Take();
}

}  // namespace clew::bench
