// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/span_sink.h"
#include "wire/protobuf_writer.h"

namespace clew::wire {

// The sizes of the messages that hold spans, ResourceSpans and ScopeSpans, in the order in
// which they begin, and of all of them together.
struct OtlpSizes {
  std::vector<uint64_t> messages{};
  uint64_t total = 0;
};

// Writes what it is told as an OTLP ExportTraceServiceRequest (wire-identical to
// TracesData). One thread; used once.
//
// A request too large for one string is told twice, because a message has its length in
// front: one writer measures and keeps nothing, another is told the sizes and gives the same
// bytes out in pieces.
class OtlpWriter final : public model::SpanSink {
 public:
  OtlpWriter() = default;
  // Measures into `sizes`, which outlives it. They are right after Finish.
  static OtlpWriter Measuring(OtlpSizes& sizes) { return {&sizes, nullptr}; }
  // Gives out pieces of what was measured. `sizes` outlives it.
  static OtlpWriter InPieces(const OtlpSizes& sizes) { return {nullptr, &sizes}; }

  void OnResource(const model::ResourceView& resource) override;
  void OnScope(const model::ScopeView& scope) override;
  void OnSpan(const model::SpanView& span) override;
  void OnEvent(const model::EventView& event) override;
  void OnLink(const model::LinkView& link) override;
  void OnAttribute(std::string_view key, const model::ValueView& value) override;
  void OnRejectedSpan(model::RejectReason) override {}

  // The encoded request; the writer is empty afterwards.
  std::string Take();

  size_t size() const { return out_.bytes().size(); }  // so far, or of the piece

  // In pieces: what was written since the last piece. Ends the span that was announced.
  std::string TakePiece();
  // Ends all that was announced; the last piece may follow.
  void Finish();

 private:
  OtlpWriter(OtlpSizes* measured, const OtlpSizes* known) : measured_(measured), known_(known) {}
  // What attributes belong to at the moment; deeper ones are closed first.
  enum class Level : uint8_t { kNone, kResource, kScope, kSpan, kItem };
  void CloseTo(Level level);
  void CloseHead();
  // A message that holds spans.
  size_t OpenMessage(uint32_t field);
  void CloseMessage(size_t opened);
  void Measure();

  OtlpSizes* measured_ = nullptr;
  const OtlpSizes* known_ = nullptr;
  size_t next_known_ = 0;
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
