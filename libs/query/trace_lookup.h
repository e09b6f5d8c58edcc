// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>

#include "base/result.h"
#include "model/span_sink.h"
#include "query/left_out.h"
#include "store/sources.h"

namespace clew::query {

struct WrittenTrace {
  uint32_t span_count = 0;    // 0: there is no such trace
  uint32_t folded_count = 0;  // copies that were left out
};

// Writes the visible spans of a trace to `sink`, by (start, span id, contents)
// within their resource and scope. Needs no time range. A span that was received
// several times, equal in all it says and in its resource and scope, is written
// once; spans that only share an id are all written. A block that cannot be read is
// left out and named in `left_out`; without that it is the error. kCancelled.
base::Result<WrittenTrace> WriteTrace(const store::Sources& sources, const model::TraceId& trace_id,
                                      model::SpanSink& sink, std::stop_token cancelled = {},
                                      LeftOut* left_out = nullptr);

}  // namespace clew::query
