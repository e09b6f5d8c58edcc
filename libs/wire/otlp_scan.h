// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"

namespace clew::wire {

// Reads an ExportTraceServiceRequest (or TracesData: the same bytes) into `sink`,
// without allocating. kInvalidArgument "otlp: ... at byte N" when it is malformed; the
// sink may then have seen the part before.
base::Status ScanOtlp(std::string_view bytes, model::SpanSink& sink);

}  // namespace clew::wire
