// SPDX-License-Identifier: Apache-2.0
#include "wire/otlp_writer.h"

#include <bit>

namespace clew::wire {

using model::ValueView;

void WriteAnyValue(ProtobufWriter& out, uint32_t field, const ValueView& value) {
  const size_t message = out.Open(field);
  switch (value.type) {
    case ValueView::Type::kEmpty:
      break;
    case ValueView::Type::kString:
      out.Bytes(1, value.text);
      break;
    case ValueView::Type::kBool:
      out.Varint(2, value.boolean ? 1 : 0);
      break;
    case ValueView::Type::kInt:
      out.Varint(3, static_cast<uint64_t>(value.integer));
      break;
    case ValueView::Type::kDouble:
      out.Fixed64(4, std::bit_cast<uint64_t>(value.number));
      break;
    case ValueView::Type::kArray:
      out.Bytes(5, value.text);
      break;
    case ValueView::Type::kKeyValueList:
      out.Bytes(6, value.text);
      break;
    case ValueView::Type::kBytes:
      out.Bytes(7, value.text);
      break;
  }
  out.Close(message);
}

// Counts what was written, and forgets it.
void OtlpWriter::Measure() {
  measured_->total += out_.bytes().size();
  out_.Clear();
}

size_t OtlpWriter::OpenMessage(uint32_t field) {
  if (known_ != nullptr) {
    out_.Begin(field, known_->messages[next_known_++]);
    return 0;
  }
  if (measured_ == nullptr) return out_.Open(field);
  Measure();
  measured_->messages.push_back(measured_->total);  // where it begins, until it is closed
  return measured_->messages.size() - 1;
}

void OtlpWriter::CloseMessage(size_t opened) {
  if (known_ != nullptr) return;
  if (measured_ == nullptr) return out_.Close(opened);
  Measure();
  uint64_t& size = measured_->messages[opened];
  size = measured_->total - size;
  out_.Begin(1, size);  // any field: a tag and a length are as long in all of them
  Measure();
}

void OtlpWriter::CloseHead() {
  if (!head_open_) return;
  out_.VarintUnlessZero(head_dropped_field_, head_dropped_);
  out_.Close(head_);
  head_open_ = false;
}

void OtlpWriter::CloseTo(Level level) {
  CloseHead();
  if (level_ == Level::kItem && level < Level::kItem) {
    out_.Close(item_);
    level_ = Level::kSpan;
  }
  if (level_ == Level::kSpan && level < Level::kSpan) {
    out_.Close(span_);
    level_ = Level::kScope;
  }
  if (level_ == Level::kScope && level < Level::kScope) {
    out_.BytesUnlessEmpty(3, scope_schema_url_);
    CloseMessage(scope_spans_);
    level_ = Level::kResource;
  }
  if (level_ == Level::kResource && level < Level::kResource) {
    out_.BytesUnlessEmpty(3, resource_schema_url_);
    CloseMessage(resource_spans_);
    level_ = Level::kNone;
  }
}

void OtlpWriter::OnResource(const model::ResourceView& resource) {
  CloseTo(Level::kNone);
  resource_spans_ = OpenMessage(1);
  head_ = out_.Open(1);
  head_open_ = true;
  head_dropped_ = resource.dropped_attributes_count;
  head_dropped_field_ = 2;
  attribute_field_ = 1;
  resource_schema_url_ = resource.schema_url;
  level_ = Level::kResource;
}

void OtlpWriter::OnScope(const model::ScopeView& scope) {
  CloseTo(Level::kResource);
  scope_spans_ = OpenMessage(2);
  head_ = out_.Open(1);
  head_open_ = true;
  out_.BytesUnlessEmpty(1, scope.name);
  out_.BytesUnlessEmpty(2, scope.version);
  head_dropped_ = scope.dropped_attributes_count;
  head_dropped_field_ = 4;
  attribute_field_ = 3;
  scope_schema_url_ = scope.schema_url;
  level_ = Level::kScope;
}

namespace {
template <typename Id>
std::string_view Raw(const Id& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}
}  // namespace

void OtlpWriter::OnSpan(const model::SpanView& span) {
  CloseTo(Level::kScope);
  if (measured_ != nullptr) Measure();
  span_ = out_.Open(2);
  out_.Bytes(1, Raw(span.trace_id));
  out_.Bytes(2, Raw(span.span_id));
  out_.BytesUnlessEmpty(3, span.trace_state);
  if (span.parent_span_id.IsValid()) out_.Bytes(4, Raw(span.parent_span_id));
  out_.BytesUnlessEmpty(5, span.name);
  // Enums are written as varints of their sign-extended value.
  out_.VarintUnlessZero(6, static_cast<uint64_t>(static_cast<int64_t>(span.kind)));
  out_.Fixed64(7, static_cast<uint64_t>(span.start_unix_nano));
  out_.Fixed64(8, static_cast<uint64_t>(span.end_unix_nano));
  out_.VarintUnlessZero(10, span.dropped_attributes_count);
  out_.VarintUnlessZero(12, span.dropped_events_count);
  out_.VarintUnlessZero(14, span.dropped_links_count);
  if (span.status_code != model::StatusCode::kUnset || !span.status_message.empty()) {
    const size_t status = out_.Open(15);
    out_.BytesUnlessEmpty(2, span.status_message);
    out_.VarintUnlessZero(3, static_cast<uint64_t>(static_cast<int64_t>(span.status_code)));
    out_.Close(status);
  }
  if (span.flags != 0) out_.Fixed32(16, span.flags);
  attribute_field_ = 9;
  level_ = Level::kSpan;
}

void OtlpWriter::OnEvent(const model::EventView& event) {
  CloseTo(Level::kSpan);
  item_ = out_.Open(11);
  out_.Fixed64(1, static_cast<uint64_t>(event.time_unix_nano));
  out_.BytesUnlessEmpty(2, event.name);
  out_.VarintUnlessZero(4, event.dropped_attributes_count);
  attribute_field_ = 3;
  level_ = Level::kItem;
}

void OtlpWriter::OnLink(const model::LinkView& link) {
  CloseTo(Level::kSpan);
  item_ = out_.Open(13);
  out_.Bytes(1, Raw(link.trace_id));
  out_.Bytes(2, Raw(link.span_id));
  out_.BytesUnlessEmpty(3, link.trace_state);
  out_.VarintUnlessZero(5, link.dropped_attributes_count);
  if (link.flags != 0) out_.Fixed32(6, link.flags);
  attribute_field_ = 4;
  level_ = Level::kItem;
}

void OtlpWriter::OnAttribute(std::string_view key, const ValueView& value) {
  const size_t pair = out_.Open(attribute_field_);
  out_.BytesUnlessEmpty(1, key);
  WriteAnyValue(out_, 2, value);
  out_.Close(pair);
}

std::string OtlpWriter::TakePiece() {
  if (level_ > Level::kScope) CloseTo(Level::kScope);
  return out_.Take();
}

void OtlpWriter::Finish() {
  CloseTo(Level::kNone);
  if (measured_ != nullptr) Measure();
}

std::string OtlpWriter::Take() {
  Finish();
  return out_.Take();
}

}  // namespace clew::wire
