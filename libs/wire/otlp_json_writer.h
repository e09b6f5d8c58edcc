// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/span_sink.h"
#include "wire/json_writer.h"

namespace clew::wire {

// Writes what it is told as the JSON of Tempo's trace by id: protobuf's JSON
// mapping with ids in base64, enums by name, 64-bit numbers as strings and zero
// values left out. Produces the array of resource spans, [{"resource":…,"scopeSpans":[…]}…];
// what it is the value of is the endpoint's business.
class OtlpJsonWriter final : public model::SpanSink {
 public:
  OtlpJsonWriter() { out_.BeginArray(); }

  void OnResource(const model::ResourceView& resource) override;
  void OnScope(const model::ScopeView& scope) override;
  void OnSpan(const model::SpanView& span) override;
  void OnEvent(const model::EventView& event) override;
  void OnLink(const model::LinkView& link) override;
  void OnAttribute(std::string_view key, const model::ValueView& value) override;
  void OnRejectedSpan(model::RejectReason) override {}

  std::string Take();

 private:
  enum class Level : uint8_t { kNone, kResource, kScope, kSpan, kEvent, kLink };
  void CloseAttributes();
  void CloseItem();
  void CloseSpan();
  void CloseScope();
  void CloseResource();

  JsonWriter out_;
  Level level_ = Level::kNone;
  bool in_attributes_ = false, in_items_ = false;
  bool in_head_ = false;  // inside the resource or scope object
  bool in_scopes_ = false, in_spans_ = false;
  std::string resource_schema_url_, scope_schema_url_;
};

}  // namespace clew::wire
