// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/context/propagation/text_map_propagator.h"

namespace opentelemetry::inline v1::context::propagation {

// The propagator of the process; one that does nothing until it is set.
class GlobalTextMapPropagator {
 public:
  static std::shared_ptr<TextMapPropagator> GetGlobalPropagator() noexcept;
  static void SetGlobalPropagator(std::shared_ptr<TextMapPropagator> propagator) noexcept;
};

}  // namespace opentelemetry::inline v1::context::propagation
