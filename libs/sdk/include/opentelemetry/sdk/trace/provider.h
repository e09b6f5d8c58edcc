// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/trace/provider.h"

namespace opentelemetry::inline v1::sdk::trace {

using opentelemetry::trace::Provider;

}  // namespace opentelemetry::inline v1::sdk::trace
