// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "opentelemetry/context/context.h"
#include "opentelemetry/trace/span_context.h"

namespace opentelemetry::inline v1::trace::propagation {

// 1 to 32 hex digits, padded on the left; nullopt when malformed or zero.
std::optional<TraceId> ParseTraceId(nostd::string_view hex);
// 1 to 16 hex digits, padded on the left; nullopt when malformed or zero.
std::optional<SpanId> ParseSpanId(nostd::string_view hex);
std::string ToHex(const TraceId& id);
std::string ToHex(const SpanId& id);
bool IsLowerHex(nostd::string_view text);

// `context` with a remote span of that identity.
context::Context WithRemoteSpan(const context::Context& context, SpanContext span_context);

}  // namespace opentelemetry::inline v1::trace::propagation
