// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"

namespace clew::wire {

// Reads spans in Zipkin's JSON of version 2, a list of spans or a list of traces that are such
// lists, and tells `sink` what they are in OpenTelemetry's terms. kInvalidArgument "zipkin json: …
// at byte N" when it is malformed; the sink may then have seen the part before.
base::Status ScanZipkinJson(std::string_view json, model::SpanSink& sink);

}  // namespace clew::wire
