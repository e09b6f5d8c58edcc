// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/sdk/trace/samplers/trace_id_ratio.h"

namespace opentelemetry::inline v1::sdk::trace {

class TraceIdRatioBasedSamplerFactory {
 public:
  static std::unique_ptr<Sampler> Create(double ratio) {
    return std::make_unique<TraceIdRatioBasedSampler>(ratio);
  }
};

}  // namespace opentelemetry::inline v1::sdk::trace
