// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/sdk/trace/samplers/always_off.h"

namespace opentelemetry::inline v1::sdk::trace {

class AlwaysOffSamplerFactory {
 public:
  static std::unique_ptr<Sampler> Create() { return std::make_unique<AlwaysOffSampler>(); }
};

}  // namespace opentelemetry::inline v1::sdk::trace
