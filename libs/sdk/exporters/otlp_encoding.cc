// SPDX-License-Identifier: Apache-2.0

#include "sdk/exporters/otlp_encoding.h"

#include <algorithm>
#include <bit>
#include <concepts>
#include <type_traits>
#include <vector>

#include "model/ids.h"
#include "model/span_sink.h"
#include "opentelemetry/sdk/trace/span_data.h"
#include "wire/otlp_writer.h"

namespace opentelemetry::inline v1::exporter::otlp {
namespace {

using clew::model::ValueView;
using sdk::common::OwnedAttributeValue;
using sdk::trace::SpanData;

// OTLP's span flags above the W3C byte: whether it is known that the other span is remote.
constexpr uint32_t kHasIsRemote = 0x100;
constexpr uint32_t kIsRemote = 0x200;

uint32_t Flags(uint8_t trace_flags, bool is_remote) {
  return trace_flags | kHasIsRemote | (is_remote ? kIsRemote : 0);
}

void AppendVarint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

// The fields of AnyValue that an array of ours can hold.
void AppendAnyValue(std::string& out, const std::string& text) {
  out += '\x0A';
  AppendVarint(out, text.size());
  out += text;
}
void AppendAnyValue(std::string& out, bool value) {
  out += '\x10';
  AppendVarint(out, value ? 1 : 0);
}
void AppendAnyValue(std::string& out, double value) {
  out += '\x21';
  uint64_t bits = std::bit_cast<uint64_t>(value);
  for (int i = 0; i < 8; ++i, bits >>= 8) out += static_cast<char>(bits);
}
template <std::integral T>
  requires(!std::same_as<T, bool>)
void AppendAnyValue(std::string& out, T value) {
  out += '\x18';
  AppendVarint(out, static_cast<uint64_t>(static_cast<int64_t>(value)));
}

template <typename T>
std::string EncodeArray(const std::vector<T>& values) {
  std::string array;
  std::string element;
  for (const T& value : values) {
    element.clear();
    AppendAnyValue(element, value);
    array += '\x0A';
    AppendVarint(array, element.size());
    array += element;
  }
  return array;
}

// Announces one attribute; what it builds lives for the call only.
class AttributeWriter {
 public:
  AttributeWriter(clew::model::SpanSink& sink, const std::string& key) : sink_(sink), key_(key) {}

  void operator()(bool value) { sink_.OnAttribute(key_, ValueView::Bool(value)); }
  void operator()(double value) { sink_.OnAttribute(key_, ValueView::Double(value)); }
  void operator()(const std::string& text) { sink_.OnAttribute(key_, ValueView::String(text)); }
  void operator()(const std::vector<uint8_t>& bytes) {
    sink_.OnAttribute(
        key_, ValueView::Bytes({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  }
  template <std::integral T>
  void operator()(T value) {
    sink_.OnAttribute(key_, ValueView::Int(static_cast<int64_t>(value)));
  }
  template <typename T>
  void operator()(const std::vector<T>& values) {
    sink_.OnAttribute(key_, ValueView::Array(EncodeArray(values)));
  }

 private:
  clew::model::SpanSink& sink_;
  const std::string& key_;
};

void WriteAttributes(clew::model::SpanSink& sink, const sdk::common::AttributeMap& attributes) {
  for (const auto& [key, value] : attributes) std::visit(AttributeWriter(sink, key), value);
}

clew::model::TraceId ToModel(const opentelemetry::trace::TraceId& id) {
  clew::model::TraceId converted;
  id.CopyBytesTo(converted.bytes);
  return converted;
}

clew::model::SpanId ToModel(const opentelemetry::trace::SpanId& id) {
  clew::model::SpanId converted;
  id.CopyBytesTo(converted.bytes);
  return converted;
}

clew::model::SpanKind ToModel(opentelemetry::trace::SpanKind kind) {
  using Kind = opentelemetry::trace::SpanKind;
  switch (kind) {
    case Kind::kInternal:
      return clew::model::SpanKind::kInternal;
    case Kind::kServer:
      return clew::model::SpanKind::kServer;
    case Kind::kClient:
      return clew::model::SpanKind::kClient;
    case Kind::kProducer:
      return clew::model::SpanKind::kProducer;
    case Kind::kConsumer:
      return clew::model::SpanKind::kConsumer;
  }
  return clew::model::SpanKind::kUnspecified;
}

void WriteSpan(clew::model::SpanSink& sink, const SpanData& span) {
  const std::string trace_state = span.GetSpanContext().trace_state()->ToHeader();
  const int64_t start = span.GetStartTime().time_since_epoch().count();
  sink.OnSpan({.trace_id = ToModel(span.GetTraceId()),
               .span_id = ToModel(span.GetSpanId()),
               .parent_span_id = ToModel(span.GetParentSpanId()),
               .trace_state = trace_state,
               .name = span.GetName(),
               .kind = ToModel(span.GetSpanKind()),
               .start_unix_nano = start,
               .end_unix_nano = start + span.GetDuration().count(),
               .status_code = static_cast<clew::model::StatusCode>(span.GetStatus()),
               .status_message = span.GetDescription(),
               .flags = Flags(span.GetSpanContext().trace_flags().flags(), span.ParentIsRemote()),
               .dropped_attributes_count = span.GetDroppedAttributesCount(),
               .dropped_events_count = span.GetDroppedEventsCount(),
               .dropped_links_count = span.GetDroppedLinksCount()});
  WriteAttributes(sink, span.GetAttributes());
  for (const auto& event : span.GetEvents()) {
    sink.OnEvent({.time_unix_nano = event.timestamp.time_since_epoch().count(),
                  .name = event.name,
                  .dropped_attributes_count = event.dropped_attributes_count});
    WriteAttributes(sink, event.attributes);
  }
  for (const auto& link : span.GetLinks()) {
    const std::string link_state = link.context.trace_state()->ToHeader();
    sink.OnLink({.trace_id = ToModel(link.context.trace_id()),
                 .span_id = ToModel(link.context.span_id()),
                 .trace_state = link_state,
                 .flags = Flags(link.context.trace_flags().flags(), link.context.IsRemote()),
                 .dropped_attributes_count = link.dropped_attributes_count});
    WriteAttributes(sink, link.attributes);
  }
}

bool SameGroup(const SpanData& a, const SpanData& b) {
  return a.GetResource().SharesWith(b.GetResource()) &&
         a.GetInstrumentationScope().SharesWith(b.GetInstrumentationScope());
}

}  // namespace

std::string EncodeOtlp(std::span<const std::unique_ptr<sdk::trace::Recordable>> spans) {
  // A process has one resource and few scopes, so the groups are found by comparing.
  std::vector<std::vector<const SpanData*>> groups;
  for (const auto& recordable : spans) {
    const auto* span = static_cast<const SpanData*>(recordable.get());
    auto group = std::ranges::find_if(
        groups, [&](const auto& candidate) { return SameGroup(*candidate.front(), *span); });
    if (group == groups.end()) group = groups.emplace(groups.end());
    group->push_back(span);
  }
  clew::wire::OtlpWriter writer;
  for (const auto& group : groups) {
    const auto& resource = group.front()->GetResource();
    const auto& scope = group.front()->GetInstrumentationScope();
    writer.OnResource({.schema_url = resource.GetSchemaURL()});
    WriteAttributes(writer, resource.GetAttributes());
    writer.OnScope({.name = scope.GetName(),
                    .version = scope.GetVersion(),
                    .schema_url = scope.GetSchemaURL()});
    for (const SpanData* span : group) WriteSpan(writer, *span);
  }
  return writer.Take();
}

}  // namespace opentelemetry::inline v1::exporter::otlp
