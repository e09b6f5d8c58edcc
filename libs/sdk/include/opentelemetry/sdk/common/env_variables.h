// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "opentelemetry/version.h"

namespace opentelemetry::inline v1::sdk::common {

// Each returns whether the variable is set to something of its type and fills
// `value` only then. Empty means not set; what does not parse is reported on
// stderr and ignored.
bool GetStringEnvironmentVariable(const char* name, std::string& value);
// Only "true", in any case, is true.
bool GetBoolEnvironmentVariable(const char* name, bool& value);
bool GetUintEnvironmentVariable(const char* name, uint32_t& value);
bool GetDoubleEnvironmentVariable(const char* name, double& value);
// Milliseconds without a unit.
bool GetDurationEnvironmentVariable(const char* name, std::chrono::milliseconds& value);

}  // namespace opentelemetry::inline v1::sdk::common
