// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/span_sink.h"
#include "wire/json_writer.h"

namespace clew::wire {

// How OTLP is written as JSON: by Tempo as protobuf's JSON mapping has it, with ids in
// base64 and enums by name; in OTLP/JSON with ids in hex and enums as numbers.
enum class JsonDialect : uint8_t { kTempo, kOtlp };

// Writes what it is told as JSON, with 64-bit numbers as strings and zero values left
// out. Produces the array of resource spans, [{"resource":…,"scopeSpans":[…]}…]; what it
// is the value of is the caller's business. Text that is no UTF-8 is made so.
class OtlpJsonWriter final : public model::SpanSink {
 public:
  explicit OtlpJsonWriter(JsonDialect dialect) : dialect_(dialect) { out_.BeginArray(); }

  void OnResource(const model::ResourceView& resource) override;
  void OnScope(const model::ScopeView& scope) override;
  void OnSpan(const model::SpanView& span) override;
  void OnEvent(const model::EventView& event) override;
  void OnLink(const model::LinkView& link) override;
  void OnAttribute(std::string_view key, const model::ValueView& value) override;
  void OnRejectedSpan(model::RejectReason) override {}

  // What is written so far, and was not taken: the array may be had in pieces.
  std::string TakePiece() { return out_.Take(); }
  size_t piece_size() const { return out_.size(); }
  // The rest, to its end. The writer is of no use afterwards.
  std::string Take();

 private:
  enum class Level : uint8_t { kNone, kResource, kScope, kSpan, kEvent, kLink };
  void CloseAttributes();
  void CloseItem();
  void CloseSpan();
  void CloseScope();
  void CloseResource();
  template <typename Id>
  void WriteId(std::string_view key, const Id& id);
  void WriteEnum(std::string_view key, int32_t number, std::string_view name);
  void WriteStatus(const model::SpanView& span);

  const JsonDialect dialect_;
  JsonWriter out_;
  Level level_ = Level::kNone;
  bool in_attributes_ = false, in_items_ = false;
  bool in_head_ = false;  // inside the resource or scope object
  bool in_scopes_ = false, in_spans_ = false;
  std::string resource_schema_url_, scope_schema_url_;
};

}  // namespace clew::wire
