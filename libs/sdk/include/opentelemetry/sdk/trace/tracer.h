// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/sdk/instrumentationscope/instrumentation_scope.h"
#include "opentelemetry/sdk/trace/tracer_context.h"
#include "opentelemetry/trace/tracer.h"

namespace opentelemetry::inline v1::sdk::trace {

class Tracer final : public opentelemetry::trace::Tracer,
                     public std::enable_shared_from_this<Tracer> {
 public:
  Tracer(std::shared_ptr<TracerContext> context, instrumentationscope::InstrumentationScope scope)
      : context_(std::move(context)), scope_(std::move(scope)) {}

  using opentelemetry::trace::Tracer::StartSpan;
  std::shared_ptr<opentelemetry::trace::Span> StartSpan(
      nostd::string_view name, const opentelemetry::common::KeyValueIterable& attributes,
      const opentelemetry::trace::SpanContextKeyValueIterable& links,
      const opentelemetry::trace::StartSpanOptions& options = {}) noexcept override;
  bool Enabled() const noexcept override { return !context_->is_shut_down(); }

  const TracerContext& context() const { return *context_; }
  const instrumentationscope::InstrumentationScope& GetInstrumentationScope() const noexcept {
    return scope_;
  }

 private:
  std::shared_ptr<TracerContext> context_;
  instrumentationscope::InstrumentationScope scope_;
};

}  // namespace opentelemetry::inline v1::sdk::trace
