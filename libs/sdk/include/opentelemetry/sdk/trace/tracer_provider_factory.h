// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "opentelemetry/sdk/trace/tracer_provider.h"

namespace opentelemetry::inline v1::sdk::trace {

// TracerProviderFactory::Create takes what the constructors of TracerProvider take.
class TracerProviderFactory {
 public:
  template <typename... Arguments>
  static std::unique_ptr<TracerProvider> Create(std::unique_ptr<SpanProcessor> processor,
                                                Arguments&&... arguments) {
    return std::make_unique<TracerProvider>(std::move(processor),
                                            std::forward<Arguments>(arguments)...);
  }
  template <typename... Arguments>
  static std::unique_ptr<TracerProvider> Create(
      std::vector<std::unique_ptr<SpanProcessor>>&& processors, Arguments&&... arguments) {
    return std::make_unique<TracerProvider>(std::move(processors),
                                            std::forward<Arguments>(arguments)...);
  }
};

}  // namespace opentelemetry::inline v1::sdk::trace
