// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/sdk/trace/samplers/parent.h"

namespace opentelemetry::inline v1::sdk::trace {

class ParentBasedSamplerFactory {
 public:
  static std::unique_ptr<Sampler> Create(const std::shared_ptr<Sampler>& root) {
    return std::make_unique<ParentBasedSampler>(root);
  }
};

}  // namespace opentelemetry::inline v1::sdk::trace
