// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"

namespace clew::wire {

// Reads a Jaeger Batch in Thrift's binary protocol (a bare struct without a message
// header, as clients post it) and tells `sink` what it is in OpenTelemetry's terms.
// kInvalidArgument "jaeger: ... at byte N" when it is malformed; the sink
// may then have seen the part before.
base::Status ScanJaegerThrift(std::string_view bytes, model::SpanSink& sink);

}  // namespace clew::wire
