// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/trace/tracer_provider.h"

namespace opentelemetry::inline v1::trace {

// Records nothing and still passes the parent's context on.
class NoopTracer final : public Tracer {
 public:
  std::shared_ptr<Span> StartSpan(nostd::string_view, const common::KeyValueIterable&,
                                  const SpanContextKeyValueIterable&,
                                  const StartSpanOptions& options) noexcept override {
    if (const auto* parent = std::get_if<context::Context>(&options.parent)) {
      return std::make_shared<DefaultSpan>(GetSpan(*parent)->GetContext());
    }
    const SpanContext& parent = std::get<SpanContext>(options.parent);
    return std::make_shared<DefaultSpan>(parent.IsValid() ? parent
                                                          : GetCurrentSpan()->GetContext());
  }
  bool Enabled() const noexcept override { return false; }
};

class NoopTracerProvider final : public TracerProvider {
 public:
  std::shared_ptr<Tracer> GetTracer(nostd::string_view, nostd::string_view,
                                    nostd::string_view) noexcept override {
    return std::make_shared<NoopTracer>();
  }
};

}  // namespace opentelemetry::inline v1::trace
