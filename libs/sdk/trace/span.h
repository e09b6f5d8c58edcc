// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "opentelemetry/sdk/trace/tracer.h"
#include "opentelemetry/trace/span.h"

namespace opentelemetry::inline v1::sdk::trace {

// What a new span is made of.
struct SpanStart {
  opentelemetry::trace::SpanContext context;
  opentelemetry::trace::SpanContext parent;
  nostd::string_view name;
  const opentelemetry::trace::StartSpanOptions& options;
};

// A recording span. Hands its recordables, one for each processor, over when it ends.
class Span final : public opentelemetry::trace::Span {
 public:
  Span(std::shared_ptr<const Tracer> tracer, const SpanStart& start);
  ~Span() override { End({}); }

  // Tells the processors; after the attributes that were given at the start are set.
  void Announce(const opentelemetry::trace::SpanContext& parent) noexcept;

  using opentelemetry::trace::Span::AddEvent;
  using opentelemetry::trace::Span::AddLink;
  void SetAttribute(nostd::string_view key,
                    const opentelemetry::common::AttributeValue& value) noexcept override;
  void AddEvent(nostd::string_view name) noexcept override;
  void AddEvent(nostd::string_view name,
                opentelemetry::common::SystemTimestamp timestamp) noexcept override;
  void AddEvent(nostd::string_view name,
                const opentelemetry::common::KeyValueIterable& attributes) noexcept override;
  void AddEvent(nostd::string_view name, opentelemetry::common::SystemTimestamp timestamp,
                const opentelemetry::common::KeyValueIterable& attributes) noexcept override;
  void AddLink(const opentelemetry::trace::SpanContext& target,
               const opentelemetry::common::KeyValueIterable& attributes) noexcept override;
  void SetStatus(opentelemetry::trace::StatusCode code,
                 nostd::string_view description) noexcept override;
  void UpdateName(nostd::string_view name) noexcept override;
  void End(const opentelemetry::trace::EndSpanOptions& options) noexcept override;
  opentelemetry::trace::SpanContext GetContext() const noexcept override { return context_; }
  bool IsRecording() const noexcept override;

 private:
  const std::shared_ptr<const Tracer> tracer_;
  const opentelemetry::trace::SpanContext context_;
  std::chrono::nanoseconds start_steady_;
  mutable std::mutex mutex_;
  bool ended_ = false;                                    // under mutex_
  std::vector<std::unique_ptr<Recordable>> recordables_;  // under mutex_; empty once ended
};

}  // namespace opentelemetry::inline v1::sdk::trace
