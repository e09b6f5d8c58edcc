// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/span_sink.h"
#include "wire/json_writer.h"

namespace clew::bench {

// Writes what it is told as Zipkin's JSON of version 2, as the exporters of OpenTelemetry
// do: every span repeats its resource and scope as tags, all values are texts, an event is
// "name|{attributes}|0". Links are left out, and times are cut to microseconds. Used once.
class ZipkinJsonWriter final : public model::SpanSink {
 public:
  ZipkinJsonWriter() { out_.BeginArray(); }

  void OnResource(const model::ResourceView& resource) override;
  void OnScope(const model::ScopeView& scope) override;
  void OnSpan(const model::SpanView& span) override;
  void OnEvent(const model::EventView& event) override;
  void OnLink(const model::LinkView& link) override;
  void OnAttribute(std::string_view key, const model::ValueView& value) override;
  void OnRejectedSpan(model::RejectReason) override {}

  std::string Take();

 private:
  enum class Owner : uint8_t { kResource, kScope, kSpan, kEvent, kLink };

  void PutHead(const model::SpanView& span);
  void CloseTags();
  void CloseEvent();
  void CloseSpan();

  wire::JsonWriter out_;
  Owner owner_ = Owner::kResource;
  std::string service_name_;
  std::vector<std::pair<std::string, std::string>> resource_tags_;
  std::string scope_name_, scope_version_;
  bool in_span_ = false, in_tags_ = false, in_events_ = false, in_event_ = false;
  int64_t event_time_us_ = 0;
  std::string event_name_;
  wire::JsonWriter event_attributes_;
};

}  // namespace clew::bench
