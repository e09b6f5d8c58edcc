// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/ids.h"

namespace clew::model {

// Numbers as in OTLP. Unknown numbers are kept as they came.
enum class SpanKind : int32_t {
  kUnspecified = 0,
  kInternal = 1,
  kServer = 2,
  kClient = 3,
  kProducer = 4,
  kConsumer = 5
};
enum class StatusCode : int32_t { kUnset = 0, kOk = 1, kError = 2 };

// One attribute value, borrowed from the bytes it was read from.
//
// Arrays, key-value lists and bytes are rare and nested, so they travel as one
// string: kArray and kKeyValueList hold the OTLP protobuf encoding of ArrayValue
// and KeyValueList (checked: well formed, nesting within the limit), kBytes the
// bytes themselves.
struct ValueView {
  enum class Type : uint8_t {
    kEmpty,
    kString,
    kBool,
    kInt,
    kDouble,
    kArray,
    kKeyValueList,
    kBytes
  };

  Type type = Type::kEmpty;
  bool boolean = false;
  int64_t integer = 0;
  double number = 0;
  std::string_view text{};  // kString, kArray, kKeyValueList, kBytes

  static ValueView String(std::string_view v) { return {.type = Type::kString, .text = v}; }
  static ValueView Bool(bool v) { return {.type = Type::kBool, .boolean = v}; }
  static ValueView Int(int64_t v) { return {.type = Type::kInt, .integer = v}; }
  static ValueView Double(double v) { return {.type = Type::kDouble, .number = v}; }
  static ValueView Array(std::string_view v) { return {.type = Type::kArray, .text = v}; }
  static ValueView KeyValueList(std::string_view v) {
    return {.type = Type::kKeyValueList, .text = v};
  }
  static ValueView Bytes(std::string_view v) { return {.type = Type::kBytes, .text = v}; }
};

struct ResourceView {
  std::string_view schema_url{};
  uint32_t dropped_attributes_count = 0;
};

struct ScopeView {
  std::string_view name{};
  std::string_view version{};
  std::string_view schema_url{};
  uint32_t dropped_attributes_count = 0;
};

// Times are Unix nanoseconds. `end` may lie before `start`: clocks do that.
struct SpanView {
  TraceId trace_id;
  SpanId span_id;
  SpanId parent_span_id;  // all zeros: none
  std::string_view trace_state{};
  std::string_view name{};
  SpanKind kind = SpanKind::kUnspecified;
  int64_t start_unix_nano = 0;
  int64_t end_unix_nano = 0;
  StatusCode status_code = StatusCode::kUnset;
  std::string_view status_message{};
  uint32_t flags = 0;
  uint32_t dropped_attributes_count = 0;
  uint32_t dropped_events_count = 0;
  uint32_t dropped_links_count = 0;
};

struct EventView {
  int64_t time_unix_nano = 0;
  std::string_view name{};
  uint32_t dropped_attributes_count = 0;
};

struct LinkView {
  TraceId trace_id;
  SpanId span_id;
  std::string_view trace_state{};
  uint32_t flags = 0;
  uint32_t dropped_attributes_count = 0;
};

enum class RejectReason : uint8_t {
  kInvalidTraceId,       // not 16 bytes, or all zeros
  kInvalidSpanId,        // not 8 bytes, or all zeros
  kInvalidParentSpanId,  // neither absent nor 8 bytes
  kTimeOutOfRange        // a time that does not fit int64 nanoseconds
};

// What a reader of any trace format tells about a request, in this order:
// resource, its scopes, their spans; a span's attributes, then its events, then
// its links. OnAttribute belongs to what was announced last. Everything passed
// is valid only during the call. A writer of a format is a sink too.
class SpanSink {
 public:
  virtual ~SpanSink() = default;
  virtual void OnResource(const ResourceView& resource) = 0;
  virtual void OnScope(const ScopeView& scope) = 0;
  virtual void OnSpan(const SpanView& span) = 0;
  virtual void OnEvent(const EventView& event) = 0;
  virtual void OnLink(const LinkView& link) = 0;
  virtual void OnAttribute(std::string_view key, const ValueView& value) = 0;
  // A span that was left out; nothing of it was or will be announced.
  virtual void OnRejectedSpan(RejectReason reason) = 0;
};

}  // namespace clew::model
