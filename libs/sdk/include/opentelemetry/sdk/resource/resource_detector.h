// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/sdk/resource/resource.h"

namespace opentelemetry::inline v1::sdk::resource {

// Finds out something about where the process runs. What cannot be found out is left out.
class ResourceDetector {
 public:
  virtual ~ResourceDetector() = default;
  virtual Resource Detect() = 0;
};

// OTEL_RESOURCE_ATTRIBUTES ("k=v,k2=v2", values percent-encoded; all of it is
// dropped when any of it is malformed) and OTEL_SERVICE_NAME, which wins.
class OTELResourceDetector final : public ResourceDetector {
 public:
  Resource Detect() override;
};

}  // namespace opentelemetry::inline v1::sdk::resource
