// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/trace/tracer_provider.h"

namespace opentelemetry::inline v1::trace {

// The provider of the process; one that records nothing until it is set.
class Provider {
 public:
  static std::shared_ptr<TracerProvider> GetTracerProvider() noexcept;
  static void SetTracerProvider(const std::shared_ptr<TracerProvider>& provider) noexcept;
};

}  // namespace opentelemetry::inline v1::trace
