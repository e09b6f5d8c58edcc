// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"

namespace clew::wire {

// Reads a list of spans in Zipkin's JSON of version 1 and tells `sink` what they are in
// OpenTelemetry's terms. kInvalidArgument "zipkin v1 json: … at byte N" when it is malformed or
// an id in it is none; the sink has then seen nothing.
base::Status ScanZipkinJsonV1(std::string_view json, model::SpanSink& sink);

}  // namespace clew::wire
