// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "opentelemetry/context/propagation/text_map_propagator.h"

namespace opentelemetry::inline v1::context::propagation {

// Runs propagators in the order given.
class CompositePropagator final : public TextMapPropagator {
 public:
  explicit CompositePropagator(std::vector<std::unique_ptr<TextMapPropagator>> propagators)
      : propagators_(std::move(propagators)) {}

  void Inject(TextMapCarrier& carrier, const Context& context) noexcept override {
    for (const auto& propagator : propagators_) propagator->Inject(carrier, context);
  }
  Context Extract(const TextMapCarrier& carrier, Context& context) noexcept override {
    Context extracted = context;
    for (const auto& propagator : propagators_) {
      extracted = propagator->Extract(carrier, extracted);
    }
    return extracted;
  }
  bool Fields(nostd::function_ref<bool(nostd::string_view)> callback) const noexcept override {
    for (const auto& propagator : propagators_) {
      if (!propagator->Fields(callback)) return false;
    }
    return true;
  }

 private:
  std::vector<std::unique_ptr<TextMapPropagator>> propagators_;
};

}  // namespace opentelemetry::inline v1::context::propagation
