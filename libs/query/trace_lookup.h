// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/span_sink.h"
#include "store/memtable.h"

namespace clew::query {

// Writes all visible spans of a trace to `sink`, by (start, span id) within
// their resource and scope; false when there is none. Needs no time range.
bool WriteTrace(const store::Memtable& memtable, const model::TraceId& trace_id,
                model::SpanSink& sink);

}  // namespace clew::query
