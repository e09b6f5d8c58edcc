// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/common/timestamp.h"
#include "opentelemetry/context/context.h"
#include "opentelemetry/nostd/variant.h"
#include "opentelemetry/trace/span_context.h"
#include "opentelemetry/trace/span_metadata.h"

namespace opentelemetry::inline v1::trace {

struct StartSpanOptions {
  common::SystemTimestamp start_system_time;  // not given: now
  common::SteadyTimestamp start_steady_time;

  // A valid SpanContext: that span. A Context: its span, or a new trace when it
  // has none. An invalid SpanContext: the current span of RuntimeContext.
  nostd::variant<SpanContext, context::Context> parent = SpanContext::GetInvalid();
  SpanKind kind = SpanKind::kInternal;
};

struct EndSpanOptions {
  common::SteadyTimestamp end_steady_time;  // not given: now
};

}  // namespace opentelemetry::inline v1::trace
