// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>

#include "opentelemetry/sdk/trace/recordable.h"

namespace opentelemetry::inline v1::exporter::otlp {

// The ExportTraceServiceRequest of these spans, grouped by resource and scope.
// REQUIRES: each is a sdk::trace::SpanData
std::string EncodeOtlp(std::span<const std::unique_ptr<sdk::trace::Recordable>> spans);

}  // namespace opentelemetry::inline v1::exporter::otlp
