// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "opentelemetry/version.h"

namespace opentelemetry::inline v1::exporter::otlp {

using OtlpHeaders = std::multimap<std::string, std::string>;

// How often a failed request is sent again, within the timeout.
struct RetryPolicy {
  uint32_t max_attempts = 5;
  std::chrono::milliseconds initial_backoff{1000};
  std::chrono::milliseconds max_backoff{5000};
  float backoff_multiplier = 1.5F;
};

}  // namespace opentelemetry::inline v1::exporter::otlp
