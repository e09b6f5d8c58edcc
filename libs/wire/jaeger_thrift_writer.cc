// SPDX-License-Identifier: Apache-2.0
#include "wire/jaeger_thrift_writer.h"

#include <bit>
#include <cstring>
#include <utility>

#include "wire/jaeger_status.h"
#include "wire/jaeger_tag.h"
#include "wire/thrift_scan.h"
#include "wire/value_json.h"

namespace clew::wire {
namespace {

using model::ValueView;

template <typename T>
void StoreBig(char* out, T value) {
  static_assert(std::endian::native == std::endian::little);
  if constexpr (sizeof(T) == 2) value = __builtin_bswap16(value);
  if constexpr (sizeof(T) == 4) value = __builtin_bswap32(value);
  if constexpr (sizeof(T) == 8) value = __builtin_bswap64(value);
  std::memcpy(out, &value, sizeof value);
}

// Writes at the end of a buffer what is `bytes` long in all: one check for many fields.
class Cursor {
 public:
  Cursor(base::ByteBuffer& out, size_t bytes) : at_(out.Extend(bytes)) {}

  void Byte(char value) { *at_++ = value; }
  template <typename T>
  void Big(T value) {
    StoreBig(at_, value);
    at_ += sizeof(T);
  }
  void Field(int16_t field, ThriftType type) {
    Byte(static_cast<char>(type));
    Big(static_cast<uint16_t>(field));
  }
  void I32(int16_t field, int32_t value) {
    Field(field, ThriftType::kI32);
    Big(static_cast<uint32_t>(value));
  }
  void I64(int16_t field, uint64_t value) {
    Field(field, ThriftType::kI64);
    Big(value);
  }
  void String(int16_t field, std::string_view value) {
    Field(field, ThriftType::kString);
    Big(static_cast<uint32_t>(value.size()));
    if (!value.empty()) std::memcpy(at_, value.data(), value.size());
    at_ += value.size();
  }

  static constexpr size_t kFieldBytes = 3;
  static constexpr size_t kI32Bytes = kFieldBytes + 4;
  static constexpr size_t kI64Bytes = kFieldBytes + 8;
  static size_t StringBytes(std::string_view value) { return kI32Bytes + value.size(); }

 private:
  char* at_;
};

void PutField(base::ByteBuffer& out, int16_t field, ThriftType type) {
  Cursor(out, Cursor::kFieldBytes).Field(field, type);
}

void PutI32(base::ByteBuffer& out, int16_t field, int32_t value) {
  Cursor(out, Cursor::kI32Bytes).I32(field, value);
}

void PutI64(base::ByteBuffer& out, int16_t field, uint64_t value) {
  Cursor(out, Cursor::kI64Bytes).I64(field, value);
}

void PutString(base::ByteBuffer& out, int16_t field, std::string_view value) {
  Cursor(out, Cursor::StringBytes(value)).String(field, value);
}

void PutStop(base::ByteBuffer& out) {
  *out.Extend(1) = '\0';
}

// The head of a list of structs, up to the items.
void PutListHead(base::ByteBuffer& out, int16_t field, int32_t count) {
  Cursor head(out, Cursor::kFieldBytes + 5);
  head.Field(field, ThriftType::kList);
  head.Byte(static_cast<char>(ThriftType::kStruct));
  head.Big(static_cast<uint32_t>(count));
}

void PutList(base::ByteBuffer& out, int16_t field, const base::ByteBuffer& items, int32_t count) {
  PutListHead(out, field, count);
  out.Append(items.view());
}

constexpr size_t kTagFrameBytes = Cursor::kI32Bytes + 1;  // the type and the stop

void PutTextTag(base::ByteBuffer& out, std::string_view key, JaegerTagType type, int16_t field,
                std::string_view text) {
  Cursor tag(out, Cursor::StringBytes(key) + kTagFrameBytes + Cursor::StringBytes(text));
  tag.String(1, key);
  tag.I32(2, static_cast<int32_t>(type));
  tag.String(field, text);
  tag.Byte('\0');
}

void PutNumberTag(base::ByteBuffer& out, std::string_view key, JaegerTagType type,
                  uint64_t number) {
  const bool is_double = type == JaegerTagType::kDouble;
  Cursor tag(out, Cursor::StringBytes(key) + kTagFrameBytes + Cursor::kI64Bytes);
  tag.String(1, key);
  tag.I32(2, static_cast<int32_t>(type));
  tag.Field(is_double ? 4 : 6, is_double ? ThriftType::kDouble : ThriftType::kI64);
  tag.Big(number);
  tag.Byte('\0');
}

void PutBoolTag(base::ByteBuffer& out, std::string_view key, bool value) {
  Cursor tag(out, Cursor::StringBytes(key) + kTagFrameBytes + Cursor::kFieldBytes + 1);
  tag.String(1, key);
  tag.I32(2, static_cast<int32_t>(JaegerTagType::kBool));
  tag.Field(5, ThriftType::kBool);
  tag.Byte(value ? '\1' : '\0');
  tag.Byte('\0');
}

// One Tag struct. Arrays and lists have no Thrift form and go as JSON text.
void PutTag(base::ByteBuffer& out, std::string_view key, const ValueView& value) {
  switch (value.type) {
    case ValueView::Type::kEmpty:
    case ValueView::Type::kString:
      return PutTextTag(out, key, JaegerTagType::kString, 3, value.text);
    case ValueView::Type::kDouble:
      return PutNumberTag(out, key, JaegerTagType::kDouble, std::bit_cast<uint64_t>(value.number));
    case ValueView::Type::kBool:
      return PutBoolTag(out, key, value.boolean);
    case ValueView::Type::kInt:
      return PutNumberTag(out, key, JaegerTagType::kLong, static_cast<uint64_t>(value.integer));
    case ValueView::Type::kArray:
    case ValueView::Type::kKeyValueList:
      return PutTextTag(out, key, JaegerTagType::kString, 3, ToPlainJson(value));
    case ValueView::Type::kBytes:
      return PutTextTag(out, key, JaegerTagType::kBinary, 7, value.text);
  }
}

uint64_t ToNumber(const uint8_t* bytes) {
  uint64_t number;
  std::memcpy(&number, bytes, sizeof number);
  return __builtin_bswap64(number);
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
  const int64_t start_us = span.start_unix_nano / 1000;
  Cursor head(spans_.items,
              6 * Cursor::kI64Bytes + Cursor::kI32Bytes + Cursor::StringBytes(span.name));
  head.I64(1, ToNumber(span.trace_id.bytes.data() + 8));
  head.I64(2, ToNumber(span.trace_id.bytes.data()));
  head.I64(3, ToNumber(span.span_id.bytes.data()));
  head.I64(4, ToNumber(span.parent_span_id.bytes.data()));
  head.String(5, span.name);
  head.I32(7, 1);
  head.I64(8, static_cast<uint64_t>(start_us));
  head.I64(9, static_cast<uint64_t>(span.end_unix_nano / 1000 - start_us));
  // The tags follow at once; how many they are is written when the span is closed.
  PutListHead(spans_.items, 10, 0);
  tag_count_at_ = spans_.items.size() - sizeof(uint32_t);
  tag_count_ = 0;
  kind_ = span.kind;
  status_code_ = span.status_code;
  status_message_ = span.status_message;
  http_status_ = model::StatusCode::kUnset;
  has_http_message_ = false;
}

// Kind and status go after the attributes, because of tags with one key the last
// counts, and theirs must. What a reader would make of the attributes http.status_code and
// http.status_message is said otherwise where the span is of another mind.
void JaegerThriftWriter::PutSpanTags() {
  const auto tag = [this](std::string_view key, const ValueView& value) {
    PutTag(spans_.items, key, value);
    ++tag_count_;
  };
  if (!scope_name_.empty()) tag("otel.library.name", ValueView::String(scope_name_));
  if (!scope_version_.empty()) tag("otel.library.version", ValueView::String(scope_version_));
  const std::string_view kind = JaegerKind(kind_);
  if (!kind.empty()) tag(kKindKey, ValueView::String(kind));
  if (status_code_ == model::StatusCode::kError) {
    tag(kErrorKey, ValueView::Bool(true));
  } else if (status_code_ == model::StatusCode::kOk) {
    tag(kStatusCodeKey, ValueView::String("OK"));
  } else if (!status_message_.empty() || http_status_ != model::StatusCode::kUnset) {
    tag(kStatusCodeKey, ValueView::String("UNSET"));
  }
  const bool is_error = status_code_ == model::StatusCode::kError;
  if (!status_message_.empty() || (is_error && has_http_message_)) {
    tag(kStatusDescriptionKey, ValueView::String(status_message_));
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

void JaegerThriftWriter::PutSpanAttribute(std::string_view key, const ValueView& value) {
  if (key == kKindKey || key == kStatusCodeKey || key == kStatusDescriptionKey) return;
  if (key == kHttpStatusCodeKey) {
    http_status_ = StatusOfHttpCode(value, kind_).value_or(model::StatusCode::kUnset);
  }
  if (key == kHttpStatusMessageKey) has_http_message_ = true;
  PutTag(spans_.items, key, value);
  ++tag_count_;
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
      return PutSpanAttribute(key, value);
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
  StoreBig(spans_.items.data() + tag_count_at_, tag_count_);
  if (references_.count > 0) PutList(spans_.items, 6, references_.items, references_.count);
  if (logs_.count > 0) PutList(spans_.items, 11, logs_.items, logs_.count);
  PutStop(spans_.items);
  ++spans_.count;
  for (List* list : {&references_, &logs_}) {
    list->items.clear();  // Keeps its memory for the next span.
    list->count = 0;
  }
}

void JaegerThriftWriter::CloseBatch() {
  CloseSpan();
  if (!std::exchange(in_batch_, false)) return;
  base::ByteBuffer& head = head_;
  head.clear();
  PutField(head, 1, ThriftType::kStruct);
  PutString(head, 1, service_name_.value_or(std::string(kNoServiceName)));
  if (process_tags_.count > 0) PutList(head, 2, process_tags_.items, process_tags_.count);
  PutStop(head);
  PutListHead(head, 2, spans_.count);
  std::string batch;
  batch.reserve(head.size() + spans_.items.size() + 1);
  batch.append(head.view()).append(spans_.items.view());
  batch.push_back('\0');
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
