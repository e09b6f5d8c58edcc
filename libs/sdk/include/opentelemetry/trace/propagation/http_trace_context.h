// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/context/propagation/text_map_propagator.h"

namespace opentelemetry::inline v1::trace::propagation {

// W3C trace context: the headers traceparent and tracestate.
class HttpTraceContext final : public context::propagation::TextMapPropagator {
 public:
  context::Context Extract(const context::propagation::TextMapCarrier& carrier,
                           context::Context& context) noexcept override;
  void Inject(context::propagation::TextMapCarrier& carrier,
              const context::Context& context) noexcept override;
  bool Fields(nostd::function_ref<bool(nostd::string_view)> callback) const noexcept override;
};

}  // namespace opentelemetry::inline v1::trace::propagation
