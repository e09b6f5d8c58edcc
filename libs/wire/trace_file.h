// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"

namespace clew::wire {

enum class TraceFileFormat : uint8_t { kOtlpJson, kJaegerJson, kZipkinJson };

// "OTLP JSON" and so on.
std::string_view NameOf(TraceFileFormat format);

// By what it holds; nullopt when it is no JSON, or of none of these formats.
std::optional<TraceFileFormat> DetectTraceFile(std::string_view json);

// Reads traces in that format. kInvalidArgument says what is wrong and where; the sink may
// then have seen a part.
base::Status ScanTraceFile(TraceFileFormat format, std::string_view json, model::SpanSink& sink);

// Reads traces that somebody saved as JSON, in whichever of these formats they are, and says which
// it was. kInvalidArgument also when it is none.
base::Result<TraceFileFormat> ScanTraceFile(std::string_view json, model::SpanSink& sink);

}  // namespace clew::wire
