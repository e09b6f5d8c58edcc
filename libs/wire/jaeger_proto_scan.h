// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"

namespace clew::wire {

// Reads a PostSpansRequest of jaeger.api_v2.CollectorService, which holds one batch, and
// tells `sink` what it is in OpenTelemetry's terms. kInvalidArgument "jaeger: ... at byte N"
// when it is malformed; the sink may then have seen the part before.
base::Status ScanJaegerProto(std::string_view bytes, model::SpanSink& sink);

}  // namespace clew::wire
