// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"

namespace clew::wire {

// Reads a list of spans of Zipkin's version 1 in Thrift's binary protocol, with no message
// around it, and tells `sink` what they are in OpenTelemetry's terms. kInvalidArgument "zipkin
// thrift: … at byte N" when it is malformed or an id in it is zero; the sink has then seen
// nothing.
base::Status ScanZipkinThrift(std::string_view bytes, model::SpanSink& sink);

}  // namespace clew::wire
