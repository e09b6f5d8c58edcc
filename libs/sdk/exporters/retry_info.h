// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace opentelemetry::inline v1::exporter::otlp {

// The pause that a google.rpc.Status asks for in a RetryInfo detail; nullopt
// when it has none, or is malformed.
std::optional<std::chrono::milliseconds> RetryDelay(std::string_view status);

}  // namespace opentelemetry::inline v1::exporter::otlp
