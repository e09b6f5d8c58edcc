// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <random>
#include <string>

#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"

namespace clew::wire {

namespace common = opentelemetry::proto::common::v1;
namespace trace = opentelemetry::proto::trace::v1;
namespace collector = opentelemetry::proto::collector::trace::v1;

// For tests: requests of all that OTLP can say, as the classes that protoc generates.
class RandomRequest {
 public:
  enum class Texts : uint8_t { kAscii, kUnicode };
  explicit RandomRequest(uint32_t seed, Texts texts = Texts::kUnicode)
      : random_(seed), texts_(texts) {}

  collector::ExportTraceServiceRequest Make() {
    collector::ExportTraceServiceRequest request;
    for (int i = Below(3); i >= 0; --i) Fill(*request.add_resource_spans());
    return request;
  }

 private:
  using Attributes = google::protobuf::RepeatedPtrField<common::KeyValue>;

  uint32_t Random() { return static_cast<uint32_t>(random_()); }
  int Below(int limit) { return static_cast<int>(Random() % static_cast<uint32_t>(limit)); }
  uint32_t Small() { return Below(3) == 0 ? Random() : 0; }
  uint64_t Time() { return uint64_t{Random()} << 31 | Random(); }
  std::string Text() {
    static constexpr std::string_view kOdd[] = {"\"quoted\"\\", "\n\t\x01\x7f", "a/b</c>",
                                                "\u00e9\u20ac", "\U0001f600"};
    if (Below(8) == 0) return std::string(kOdd[Below(texts_ == Texts::kUnicode ? 5 : 3)]);
    return std::string(static_cast<size_t>(Below(200) / (1 + Below(20))), 't');
  }
  double Number() {
    static constexpr double kOdd[] = {0.0,    -0.0,
                                      1e20,   std::numeric_limits<double>::infinity(),
                                      5e-324, -std::numeric_limits<double>::infinity(),
                                      1e300,  std::numeric_limits<double>::quiet_NaN()};
    return Below(2) == 0 ? kOdd[Below(8)] : static_cast<double>(Time()) / 3;
  }
  std::string Id(size_t size) {
    std::string id(size, '\1');
    for (char& byte : id) byte = static_cast<char>(random_());
    id.back() = '\1';
    return id;
  }

  void Fill(trace::ResourceSpans& spans) {
    spans.set_schema_url(Text());
    spans.mutable_resource()->set_dropped_attributes_count(Small());
    Fill(*spans.mutable_resource()->mutable_attributes());
    for (int i = Below(3); i > 0; --i) Fill(*spans.add_scope_spans());
  }
  void Fill(trace::ScopeSpans& spans) {
    spans.set_schema_url(Text());
    spans.mutable_scope()->set_name(Text());
    spans.mutable_scope()->set_version(Text());
    spans.mutable_scope()->set_dropped_attributes_count(Small());
    Fill(*spans.mutable_scope()->mutable_attributes());
    for (int i = Below(4); i > 0; --i) Fill(*spans.add_spans());
  }
  void Fill(trace::Span& span) {
    span.set_trace_id(Id(16));
    span.set_span_id(Id(8));
    if (Below(2)) span.set_parent_span_id(Id(8));
    span.set_trace_state(Text());
    span.set_name(Text());
    span.set_kind(static_cast<trace::Span::SpanKind>(Below(8) - 1));
    span.set_start_time_unix_nano(Time());
    span.set_end_time_unix_nano(Time());
    span.set_dropped_attributes_count(Small());
    span.set_dropped_events_count(Small());
    span.set_dropped_links_count(Small());
    span.mutable_status()->set_code(static_cast<trace::Status::StatusCode>(Below(4)));
    span.mutable_status()->set_message(Text());
    span.set_flags(Small());
    Fill(*span.mutable_attributes());
    for (int i = Below(3); i > 0; --i) Fill(*span.add_events());
    for (int i = Below(3); i > 0; --i) Fill(*span.add_links());
  }
  void Fill(trace::Span::Event& event) {
    event.set_time_unix_nano(Time());
    event.set_name(Text());
    event.set_dropped_attributes_count(Small());
    Fill(*event.mutable_attributes());
  }
  void Fill(trace::Span::Link& link) {
    link.set_trace_id(Id(16));
    link.set_span_id(Id(8));
    link.set_trace_state(Text());
    link.set_dropped_attributes_count(Small());
    link.set_flags(Small());
    Fill(*link.mutable_attributes());
  }
  void Fill(Attributes& attributes) {
    for (int i = Below(4); i > 0; --i) {
      common::KeyValue& attribute = *attributes.Add();
      attribute.set_key(Text());
      Fill(*attribute.mutable_value(), 0);
    }
  }
  void Fill(common::AnyValue& value, int depth) {
    switch (Below(depth < 4 ? 8 : 6)) {
      case 0:
        return value.set_string_value(Text());
      case 1:
        return value.set_bool_value(Below(2) == 0);
      case 2:
        return value.set_int_value(static_cast<int64_t>(Time()) * (Below(2) ? 1 : -1));
      case 3:
        return value.set_double_value(Number());
      case 4:
        return value.set_bytes_value(Id(9));
      case 5:
        return;
      case 6:
        value.mutable_array_value();
        for (int i = Below(3); i > 0; --i)
          Fill(*value.mutable_array_value()->add_values(), depth + 1);
        return;
    }
    common::KeyValueList& list = *value.mutable_kvlist_value();
    for (int i = Below(3); i > 0; --i) {
      common::KeyValue& pair = *list.add_values();
      pair.set_key(Text());
      Fill(*pair.mutable_value(), depth + 1);
    }
  }

  std::mt19937 random_;
  const Texts texts_;
};

}  // namespace clew::wire
