// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"

namespace clew::wire {

// Reads traces as Jaeger's query API and UI give them as JSON, {"data": [trace, …]}, one such trace
// or a list of them, and tells `sink` what they are in OpenTelemetry's terms, as
// ScanJaegerThrift does. Each process of a trace is a resource. kInvalidArgument "jaeger json: … at
// byte N" when it is malformed; the sink may then have seen the part before.
base::Status ScanJaegerJson(std::string_view json, model::SpanSink& sink);

}  // namespace clew::wire
