// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace clew::otlp {

// partial_success.rejected_spans of an ExportTraceServiceResponse. kInvalidArgument
// when it is malformed. Source: opentelemetry/proto/collector/trace/v1.
base::Result<uint64_t> ReadRejectedSpans(std::string_view response);

// The pause that a google.rpc.Status asks for in a RetryInfo detail, at most
// kMaxRetryDelay; nullopt when it has none, or is malformed.
inline constexpr std::chrono::milliseconds kMaxRetryDelay{60'000};
std::optional<std::chrono::milliseconds> ReadRetryDelay(std::string_view status);

// The same out of a Retry-After header in seconds.
std::optional<std::chrono::milliseconds> ReadRetryAfter(std::string_view header);

}  // namespace clew::otlp
