// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"

namespace clew::wire {

// Reads an ExportTraceServiceRequest (or TracesData: the same text) in OTLP/JSON into
// `sink`. kInvalidArgument "otlp json: ... at byte N" when it is malformed; the sink may
// then have seen the part before. Reading takes up to ten times the size of the text.
base::Status ScanOtlpJson(std::string_view json, model::SpanSink& sink);

}  // namespace clew::wire
