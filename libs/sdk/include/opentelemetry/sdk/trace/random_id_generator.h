// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/sdk/trace/id_generator.h"

namespace opentelemetry::inline v1::sdk::trace {

// Uniform random ids, from one generator per thread seeded by the system, and again after a fork.
class RandomIdGenerator final : public IdGenerator {
 public:
  RandomIdGenerator() : IdGenerator(true) {}
  opentelemetry::trace::SpanId GenerateSpanId() noexcept override;
  opentelemetry::trace::TraceId GenerateTraceId() noexcept override;
};

}  // namespace opentelemetry::inline v1::sdk::trace
