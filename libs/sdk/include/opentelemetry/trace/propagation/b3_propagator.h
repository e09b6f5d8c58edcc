// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/context/propagation/text_map_propagator.h"

namespace opentelemetry::inline v1::trace::propagation {

// Reads Zipkin's headers, the single one before the many.
class B3PropagatorExtractor : public context::propagation::TextMapPropagator {
 public:
  context::Context Extract(const context::propagation::TextMapCarrier& carrier,
                           context::Context& context) noexcept override;
};

// Writes the header b3.
class B3Propagator final : public B3PropagatorExtractor {
 public:
  void Inject(context::propagation::TextMapCarrier& carrier,
              const context::Context& context) noexcept override;
  bool Fields(nostd::function_ref<bool(nostd::string_view)> callback) const noexcept override;
};

// Writes the headers X-B3-TraceId, X-B3-SpanId and X-B3-Sampled.
class B3PropagatorMultiHeader final : public B3PropagatorExtractor {
 public:
  void Inject(context::propagation::TextMapCarrier& carrier,
              const context::Context& context) noexcept override;
  bool Fields(nostd::function_ref<bool(nostd::string_view)> callback) const noexcept override;
};

}  // namespace opentelemetry::inline v1::trace::propagation
