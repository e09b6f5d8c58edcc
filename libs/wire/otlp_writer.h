// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/span_sink.h"
#include "wire/protobuf_writer.h"

namespace clew::wire {

// Writes what it is told as an OTLP ExportTraceServiceRequest (wire-identical to
// TracesData). One thread; used once.
class OtlpWriter final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView& resource) override;
  void OnScope(const model::ScopeView& scope) override;
  void OnSpan(const model::SpanView& span) override;
  void OnEvent(const model::EventView& event) override;
  void OnLink(const model::LinkView& link) override;
  void OnAttribute(std::string_view key, const model::ValueView& value) override;
  void OnRejectedSpan(model::RejectReason) override {}

  // The encoded request; the writer is empty afterwards.
  std::string Take();

 private:
  // What attributes belong to at the moment; deeper ones are closed first.
  enum class Level : uint8_t { kNone, kResource, kScope, kSpan, kItem };
  void CloseTo(Level level);
  void CloseHead();

  ProtobufWriter out_;
  Level level_ = Level::kNone;
  bool head_open_ = false;        // the Resource or Scope message still takes attributes
  uint32_t attribute_field_ = 0;  // of the message that takes attributes
  size_t resource_spans_ = 0, scope_spans_ = 0, span_ = 0, item_ = 0, head_ = 0;
  std::string resource_schema_url_, scope_schema_url_;
  uint32_t head_dropped_ = 0;  // dropped_attributes_count of the open Resource or Scope
  uint32_t head_dropped_field_ = 0;
};

// Appends `value` as an AnyValue field of a message.
void WriteAnyValue(ProtobufWriter& out, uint32_t field, const model::ValueView& value);

}  // namespace clew::wire
