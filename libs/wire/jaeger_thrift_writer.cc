// SPDX-License-Identifier: Apache-2.0
#include "wire/jaeger_thrift_writer.h"

#include <bit>
#include <utility>

#include "wire/jaeger_tag.h"
#include "wire/thrift_scan.h"
#include "wire/value_json.h"

namespace clew::wire {
namespace {

using model::ValueView;

template <typename T>
void PutBig(std::string& out, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(static_cast<uint64_t>(value) >> shift));
  }
}

void PutField(std::string& out, int16_t field, ThriftType type) {
  out.push_back(static_cast<char>(type));
  PutBig(out, static_cast<uint16_t>(field));
}

void PutI32(std::string& out, int16_t field, int32_t value) {
  PutField(out, field, ThriftType::kI32);
  PutBig(out, static_cast<uint32_t>(value));
}

void PutI64(std::string& out, int16_t field, uint64_t value) {
  PutField(out, field, ThriftType::kI64);
  PutBig(out, value);
}

void PutString(std::string& out, int16_t field, std::string_view value) {
  PutField(out, field, ThriftType::kString);
  PutBig(out, static_cast<uint32_t>(value.size()));
  out.append(value);
}

void PutStop(std::string& out) {
  out.push_back('\0');
}

void PutList(std::string& out, int16_t field, const std::string& items, int32_t count) {
  PutField(out, field, ThriftType::kList);
  out.push_back(static_cast<char>(ThriftType::kStruct));
  PutBig(out, static_cast<uint32_t>(count));
  out.append(items);
}

void PutTagType(std::string& out, JaegerTagType type) {
  PutI32(out, 2, static_cast<int32_t>(type));
}

// One Tag struct. Arrays and lists have no Thrift form and go as JSON text.
void PutTag(std::string& out, std::string_view key, const ValueView& value) {
  PutString(out, 1, key);
  switch (value.type) {
    case ValueView::Type::kEmpty:
    case ValueView::Type::kString:
      PutTagType(out, JaegerTagType::kString);
      PutString(out, 3, value.text);
      break;
    case ValueView::Type::kDouble:
      PutTagType(out, JaegerTagType::kDouble);
      PutField(out, 4, ThriftType::kDouble);
      PutBig(out, std::bit_cast<uint64_t>(value.number));
      break;
    case ValueView::Type::kBool:
      PutTagType(out, JaegerTagType::kBool);
      PutField(out, 5, ThriftType::kBool);
      out.push_back(value.boolean ? '\1' : '\0');
      break;
    case ValueView::Type::kInt:
      PutTagType(out, JaegerTagType::kLong);
      PutI64(out, 6, static_cast<uint64_t>(value.integer));
      break;
    case ValueView::Type::kArray:
    case ValueView::Type::kKeyValueList:
      PutTagType(out, JaegerTagType::kString);
      PutString(out, 3, ToPlainJson(value));
      break;
    case ValueView::Type::kBytes:
      PutTagType(out, JaegerTagType::kBinary);
      PutString(out, 7, value.text);
      break;
  }
  PutStop(out);
}

uint64_t ToNumber(const uint8_t* bytes) {
  uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | bytes[i];
  return number;
}

std::string_view KindText(model::SpanKind kind) {
  switch (kind) {
    case model::SpanKind::kUnspecified:
      return "";
    case model::SpanKind::kInternal:
      return "internal";
    case model::SpanKind::kServer:
      return "server";
    case model::SpanKind::kClient:
      return "client";
    case model::SpanKind::kProducer:
      return "producer";
    case model::SpanKind::kConsumer:
      return "consumer";
  }
  return "";
}

}  // namespace

void JaegerThriftWriter::OnResource(const model::ResourceView&) {
  CloseBatch();
  in_batch_ = true;
  owner_ = Owner::kResource;
}

void JaegerThriftWriter::OnScope(const model::ScopeView& scope) {
  CloseSpan();
  scope_name_ = scope.name;
  scope_version_ = scope.version;
  owner_ = Owner::kScope;
}

void JaegerThriftWriter::OnSpan(const model::SpanView& span) {
  CloseSpan();
  in_span_ = true;
  owner_ = Owner::kSpan;
  PutI64(span_head_, 1, ToNumber(span.trace_id.bytes.data() + 8));
  PutI64(span_head_, 2, ToNumber(span.trace_id.bytes.data()));
  PutI64(span_head_, 3, ToNumber(span.span_id.bytes.data()));
  PutI64(span_head_, 4, ToNumber(span.parent_span_id.bytes.data()));
  PutString(span_head_, 5, span.name);
  PutI32(span_head_, 7, 1);
  const int64_t start_us = span.start_unix_nano / 1000;
  PutI64(span_head_, 8, static_cast<uint64_t>(start_us));
  PutI64(span_head_, 9, static_cast<uint64_t>(span.end_unix_nano / 1000 - start_us));
  kind_ = span.kind;
  status_code_ = span.status_code;
  status_message_ = span.status_message;
}

// Kind and status go after the attributes, because of tags with one key the last
// counts, and theirs must.
void JaegerThriftWriter::PutSpanTags() {
  const auto tag = [this](std::string_view key, const ValueView& value) {
    PutTag(tags_.items, key, value);
    ++tags_.count;
  };
  if (!scope_name_.empty()) tag("otel.library.name", ValueView::String(scope_name_));
  if (!scope_version_.empty()) tag("otel.library.version", ValueView::String(scope_version_));
  const std::string_view kind = KindText(kind_);
  if (!kind.empty()) tag("span.kind", ValueView::String(kind));
  if (status_code_ == model::StatusCode::kError) {
    tag("error", ValueView::Bool(true));
  } else if (status_code_ == model::StatusCode::kOk) {
    tag("otel.status_code", ValueView::String("OK"));
  }
  if (!status_message_.empty()) {
    tag("otel.status_description", ValueView::String(status_message_));
  }
}

void JaegerThriftWriter::OnEvent(const model::EventView& event) {
  CloseEvent();
  in_event_ = true;
  owner_ = Owner::kEvent;
  event_time_us_ = event.time_unix_nano / 1000;
  if (event.name.empty()) return;
  PutTag(log_fields_.items, "event", ValueView::String(event.name));
  ++log_fields_.count;
}

void JaegerThriftWriter::OnLink(const model::LinkView& link) {
  CloseEvent();
  CloseLink();
  in_link_ = true;
  owner_ = Owner::kLink;
  link_type_ = JaegerRefType::kFollowsFrom;
  link_trace_id_ = link.trace_id;
  link_span_id_ = link.span_id;
}

void JaegerThriftWriter::CloseLink() {
  if (!std::exchange(in_link_, false)) return;
  PutI32(references_.items, 1, static_cast<int32_t>(link_type_));
  PutI64(references_.items, 2, ToNumber(link_trace_id_.bytes.data() + 8));
  PutI64(references_.items, 3, ToNumber(link_trace_id_.bytes.data()));
  PutI64(references_.items, 4, ToNumber(link_span_id_.bytes.data()));
  PutStop(references_.items);
  ++references_.count;
}

void JaegerThriftWriter::OnAttribute(std::string_view key, const ValueView& value) {
  switch (owner_) {
    case Owner::kResource:
      if (key == "service.name" && value.type == ValueView::Type::kString) {
        service_name_ = value.text;
        return;
      }
      PutTag(process_tags_.items, key, value);
      ++process_tags_.count;
      return;
    case Owner::kSpan:
      PutTag(tags_.items, key, value);
      ++tags_.count;
      return;
    case Owner::kEvent:
      PutTag(log_fields_.items, key, value);
      ++log_fields_.count;
      return;
    case Owner::kLink:
      // The one attribute of a link that the format has a place for.
      if (key == kRefTypeKey && value.text == kChildOfName) link_type_ = JaegerRefType::kChildOf;
      return;
    case Owner::kScope:
      return;  // The format has no place for them.
  }
}

void JaegerThriftWriter::CloseEvent() {
  if (!std::exchange(in_event_, false)) return;
  PutI64(logs_.items, 1, static_cast<uint64_t>(event_time_us_));
  PutList(logs_.items, 2, log_fields_.items, log_fields_.count);
  PutStop(logs_.items);
  ++logs_.count;
  log_fields_ = {};
}

void JaegerThriftWriter::CloseSpan() {
  CloseEvent();
  CloseLink();
  if (!std::exchange(in_span_, false)) return;
  PutSpanTags();
  spans_.items += span_head_;
  if (references_.count > 0) PutList(spans_.items, 6, references_.items, references_.count);
  if (tags_.count > 0) PutList(spans_.items, 10, tags_.items, tags_.count);
  if (logs_.count > 0) PutList(spans_.items, 11, logs_.items, logs_.count);
  PutStop(spans_.items);
  ++spans_.count;
  for (List* list : {&references_, &tags_, &logs_}) {
    list->items.clear();  // Keeps its memory for the next span.
    list->count = 0;
  }
  span_head_.clear();
}

void JaegerThriftWriter::CloseBatch() {
  CloseSpan();
  if (!std::exchange(in_batch_, false)) return;
  std::string batch;
  PutField(batch, 1, ThriftType::kStruct);
  PutString(batch, 1, service_name_.value_or(std::string(kNoServiceName)));
  if (process_tags_.count > 0) PutList(batch, 2, process_tags_.items, process_tags_.count);
  PutStop(batch);
  PutList(batch, 2, spans_.items, spans_.count);
  PutStop(batch);
  batches_.push_back(std::move(batch));
  service_name_.reset();
  scope_name_.clear();
  scope_version_.clear();
  process_tags_ = {};
  spans_ = {};
}

std::vector<std::string> JaegerThriftWriter::Take() {
  CloseBatch();
  return std::exchange(batches_, {});
}

}  // namespace clew::wire
