// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/sdk/trace/samplers/always_on.h"

namespace opentelemetry::inline v1::sdk::trace {

class AlwaysOnSamplerFactory {
 public:
  static std::unique_ptr<Sampler> Create() { return std::make_unique<AlwaysOnSampler>(); }
};

}  // namespace opentelemetry::inline v1::sdk::trace
