// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/trace/tracer.h"

namespace opentelemetry::inline v1::trace {

// Hands out tracers, one for each instrumentation scope. Thread-safe.
class TracerProvider {
 public:
  virtual ~TracerProvider() = default;
  virtual std::shared_ptr<Tracer> GetTracer(nostd::string_view name,
                                            nostd::string_view version = "",
                                            nostd::string_view schema_url = "") noexcept = 0;
};

}  // namespace opentelemetry::inline v1::trace
