// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/sdk/trace/random_id_generator.h"

namespace opentelemetry::inline v1::sdk::trace {

class RandomIdGeneratorFactory {
 public:
  static std::unique_ptr<IdGenerator> Create() { return std::make_unique<RandomIdGenerator>(); }
};

}  // namespace opentelemetry::inline v1::sdk::trace
