// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/version.h"

namespace opentelemetry::inline v1::sdk::common {

enum class ExportResult { kSuccess, kFailure, kFailureFull, kFailureInvalidArgument };

}  // namespace opentelemetry::inline v1::sdk::common
