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

// The same of a whole message, as clients send it to an agent in one datagram: a call of
// emitBatch(1: Batch), in the binary or in the compact protocol. Any other call is
// kInvalidArgument too.
base::Status ScanJaegerBinaryMessage(std::string_view bytes, model::SpanSink& sink);
base::Status ScanJaegerCompactMessage(std::string_view bytes, model::SpanSink& sink);

}  // namespace clew::wire
