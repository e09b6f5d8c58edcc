// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/context/propagation/text_map_propagator.h"

namespace opentelemetry::inline v1::trace::propagation {

// Jaeger's header uber-trace-id: {trace}:{span}:{parent}:{flags}. The trace id is injected with 32
// digits and the parent as 0; ids of any shorter length, leading zeros left out, are read.
class JaegerPropagator final : public context::propagation::TextMapPropagator {
 public:
  context::Context Extract(const context::propagation::TextMapCarrier& carrier,
                           context::Context& context) noexcept override;
  void Inject(context::propagation::TextMapCarrier& carrier,
              const context::Context& context) noexcept override;
  bool Fields(nostd::function_ref<bool(nostd::string_view)> callback) const noexcept override;
};

}  // namespace opentelemetry::inline v1::trace::propagation
