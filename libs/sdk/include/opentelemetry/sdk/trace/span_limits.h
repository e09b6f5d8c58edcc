// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

#include "opentelemetry/version.h"

namespace opentelemetry::inline v1::sdk::trace {

// How much one span may hold. What is over is counted and left out.
struct SpanLimits {
  static constexpr uint32_t kUnlimited = std::numeric_limits<uint32_t>::max();

  uint32_t attribute_count_limit = 128;
  uint32_t attribute_value_length_limit = kUnlimited;
  uint32_t event_count_limit = 128;
  uint32_t link_count_limit = 128;
  uint32_t event_attribute_count_limit = 128;
  uint32_t link_attribute_count_limit = 128;

  // The OTEL_*_LIMIT variables over these defaults.
  static SpanLimits FromEnvironment();
};

}  // namespace opentelemetry::inline v1::sdk::trace
