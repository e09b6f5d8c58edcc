// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

#include "opentelemetry/version.h"

namespace opentelemetry::inline v1::sdk::trace {

// Starts from the OTEL_BSP_* variables, or their defaults.
struct BatchSpanProcessorOptions {
  BatchSpanProcessorOptions();

  size_t max_queue_size = 2048;
  std::chrono::milliseconds schedule_delay_millis{5000};
  std::chrono::milliseconds export_timeout{30000};  // bounds ForceFlush and Shutdown
  size_t max_export_batch_size = 512;
};

}  // namespace opentelemetry::inline v1::sdk::trace
