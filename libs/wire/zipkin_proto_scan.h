// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"

namespace clew::wire {

// Reads a ListOfSpans of Zipkin's protobuf (zipkin.proto3) and tells `sink` what it is in
// OpenTelemetry's terms. kInvalidArgument "zipkin protobuf: … at byte N" when it is malformed;
// the sink has then seen nothing.
base::Status ScanZipkinProto(std::string_view bytes, model::SpanSink& sink);

}  // namespace clew::wire
