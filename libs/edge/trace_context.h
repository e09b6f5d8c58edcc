// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/ids.h"

namespace clew::edge {

// The value of an uber-trace-id header: {trace}:{span}:{parent}:{flags}, hex,
// leading zeros optional, ':' possibly as %3A. The parent is not read.
struct UberTraceId {
  model::TraceId trace_id;
  model::SpanId span_id;
  uint8_t flags = 0;

  bool sampled() const { return (flags & 1) != 0; }
};

// Nullopt when it is malformed or names no trace or span.
std::optional<UberTraceId> ParseUberTraceId(std::string_view value);

// As jaeger-client writes it: a trace id of 64 bits as 16 digits, else 32.
std::string FormatUberTraceId(const UberTraceId& context, const model::SpanId& parent);

}  // namespace clew::edge
