// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "opentelemetry/sdk/trace/recordable.h"

namespace opentelemetry::inline v1::sdk::trace {

struct SpanDataEvent {
  std::string name;
  opentelemetry::common::SystemTimestamp timestamp;
  common::AttributeMap attributes;
  uint32_t dropped_attributes_count = 0;
};

struct SpanDataLink {
  opentelemetry::trace::SpanContext context;
  common::AttributeMap attributes;
  uint32_t dropped_attributes_count = 0;
};

// A span as a plain value, within its limits. What the exporters here read.
class SpanData final : public Recordable {
 public:
  void SetLimits(const SpanLimits& limits) noexcept override { limits_ = limits; }
  void SetIdentity(const opentelemetry::trace::SpanContext& span_context,
                   opentelemetry::trace::SpanId parent_span_id,
                   bool parent_is_remote) noexcept override;
  void SetAttribute(nostd::string_view key,
                    const opentelemetry::common::AttributeValue& value) noexcept override;
  void AddEvent(nostd::string_view name, opentelemetry::common::SystemTimestamp timestamp,
                const opentelemetry::common::KeyValueIterable& attributes) noexcept override;
  void AddLink(const opentelemetry::trace::SpanContext& span_context,
               const opentelemetry::common::KeyValueIterable& attributes) noexcept override;
  void SetStatus(opentelemetry::trace::StatusCode code,
                 nostd::string_view description) noexcept override;
  void SetName(nostd::string_view name) noexcept override { name_ = name; }
  void SetSpanKind(opentelemetry::trace::SpanKind kind) noexcept override { kind_ = kind; }
  void SetResource(const resource::Resource& resource) noexcept override { resource_ = resource; }
  void SetStartTime(opentelemetry::common::SystemTimestamp time) noexcept override {
    start_time_ = time;
  }
  void SetDuration(std::chrono::nanoseconds duration) noexcept override { duration_ = duration; }
  void SetInstrumentationScope(
      const instrumentationscope::InstrumentationScope& scope) noexcept override {
    scope_ = scope;
  }

  const opentelemetry::trace::SpanContext& GetSpanContext() const { return context_; }
  opentelemetry::trace::TraceId GetTraceId() const { return context_.trace_id(); }
  opentelemetry::trace::SpanId GetSpanId() const { return context_.span_id(); }
  opentelemetry::trace::SpanId GetParentSpanId() const { return parent_span_id_; }
  bool ParentIsRemote() const { return parent_is_remote_; }
  const std::string& GetName() const { return name_; }
  opentelemetry::trace::SpanKind GetSpanKind() const { return kind_; }
  opentelemetry::trace::StatusCode GetStatus() const { return status_; }
  const std::string& GetDescription() const { return description_; }
  opentelemetry::common::SystemTimestamp GetStartTime() const { return start_time_; }
  std::chrono::nanoseconds GetDuration() const { return duration_; }
  const common::AttributeMap& GetAttributes() const { return attributes_; }
  const std::vector<SpanDataEvent>& GetEvents() const { return events_; }
  const std::vector<SpanDataLink>& GetLinks() const { return links_; }
  uint32_t GetDroppedAttributesCount() const { return dropped_attributes_; }
  uint32_t GetDroppedEventsCount() const { return dropped_events_; }
  uint32_t GetDroppedLinksCount() const { return dropped_links_; }
  const resource::Resource& GetResource() const { return resource_; }
  const instrumentationscope::InstrumentationScope& GetInstrumentationScope() const {
    return scope_;
  }

 private:
  // Adds within `count_limit`; false when the attribute was left out.
  bool Store(common::AttributeMap& attributes, uint32_t count_limit, nostd::string_view key,
             const opentelemetry::common::AttributeValue& value) const;

  SpanLimits limits_;
  opentelemetry::trace::SpanContext context_ = opentelemetry::trace::SpanContext::GetInvalid();
  opentelemetry::trace::SpanId parent_span_id_;
  bool parent_is_remote_ = false;
  std::string name_;
  opentelemetry::trace::SpanKind kind_ = opentelemetry::trace::SpanKind::kInternal;
  opentelemetry::trace::StatusCode status_ = opentelemetry::trace::StatusCode::kUnset;
  std::string description_;
  opentelemetry::common::SystemTimestamp start_time_;
  std::chrono::nanoseconds duration_{0};
  common::AttributeMap attributes_;
  std::vector<SpanDataEvent> events_;
  std::vector<SpanDataLink> links_;
  uint32_t dropped_attributes_ = 0;
  uint32_t dropped_events_ = 0;
  uint32_t dropped_links_ = 0;
  resource::Resource resource_ = resource::Resource::GetEmpty();
  instrumentationscope::InstrumentationScope scope_;
};

}  // namespace opentelemetry::inline v1::sdk::trace
