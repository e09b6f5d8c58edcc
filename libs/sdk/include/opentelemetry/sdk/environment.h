// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "opentelemetry/sdk/resource/resource.h"
#include "opentelemetry/sdk/trace/tracer_provider.h"

namespace opentelemetry::inline v1::sdk {

// What a program prefers where the OTEL_* variables say nothing.
struct EnvironmentDefaults {
  resource::ResourceAttributes resource_attributes;
  std::string propagators = "tracecontext";
  std::string protocol = "http/protobuf";  // or "grpc"
  std::string endpoint;                    // empty: the protocol's default
  std::chrono::milliseconds schedule_delay{5000};
};

// Sets up tracing for the process in one call: exporter, processor, sampler,
// resource and propagators as the OTEL_* variables say, else as `defaults` say,
// and makes them the global ones. Null when OTEL_SDK_DISABLED or
// OTEL_TRACES_EXPORTER=none: the propagators are set all the same, and spans
// carry their parent's context on. The caller shuts the provider down.
std::shared_ptr<trace::TracerProvider> ConfigureFromEnvironment(
    const EnvironmentDefaults& defaults = {});

// The propagators of a list as in OTEL_PROPAGATORS. Unknown names are reported and left out.
void SetGlobalPropagators(const std::string& list);

}  // namespace opentelemetry::inline v1::sdk
