// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "opentelemetry/common/key_value_iterable.h"
#include "opentelemetry/common/timestamp.h"
#include "opentelemetry/sdk/instrumentationscope/instrumentation_scope.h"
#include "opentelemetry/sdk/resource/resource.h"
#include "opentelemetry/sdk/trace/span_limits.h"
#include "opentelemetry/trace/span_context.h"
#include "opentelemetry/trace/span_metadata.h"

namespace opentelemetry::inline v1::sdk::trace {

// What an exporter keeps of a span while it is being made. Called under the span's lock.
class Recordable {
 public:
  virtual ~Recordable() = default;
  virtual void SetLimits(const SpanLimits& limits) noexcept = 0;
  virtual void SetIdentity(const opentelemetry::trace::SpanContext& span_context,
                           opentelemetry::trace::SpanId parent_span_id,
                           bool parent_is_remote) noexcept = 0;
  virtual void SetAttribute(nostd::string_view key,
                            const opentelemetry::common::AttributeValue& value) noexcept = 0;
  virtual void AddEvent(nostd::string_view name, opentelemetry::common::SystemTimestamp timestamp,
                        const opentelemetry::common::KeyValueIterable& attributes) noexcept = 0;
  virtual void AddLink(const opentelemetry::trace::SpanContext& span_context,
                       const opentelemetry::common::KeyValueIterable& attributes) noexcept = 0;
  virtual void SetStatus(opentelemetry::trace::StatusCode code,
                         nostd::string_view description) noexcept = 0;
  virtual void SetName(nostd::string_view name) noexcept = 0;
  virtual void SetSpanKind(opentelemetry::trace::SpanKind kind) noexcept = 0;
  virtual void SetResource(const resource::Resource& resource) noexcept = 0;
  virtual void SetStartTime(opentelemetry::common::SystemTimestamp start_time) noexcept = 0;
  virtual void SetDuration(std::chrono::nanoseconds duration) noexcept = 0;
  virtual void SetInstrumentationScope(
      const instrumentationscope::InstrumentationScope& scope) noexcept = 0;
};

}  // namespace opentelemetry::inline v1::sdk::trace
