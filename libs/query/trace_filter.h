// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

#include "base/result.h"
#include "query/trace_lookup.h"
#include "traceql/ast.h"

namespace clew::query {

// Which spans of a trace are wanted: those that match, and what is near them in the tree.
struct TraceFilter {
  static constexpr uint32_t kAllLevels = std::numeric_limits<uint32_t>::max();

  traceql::SpansetPipeline pipeline;  // REQUIRES: OnlyFilter
  uint32_t levels_below = 0;          // children of a match, their children and so on
  uint32_t levels_above = 0;          // its parent, that one's parent and so on
};

// Takes all others out of a trace. Spans are compared as in a search without a time range.
// Says how many were taken out.
base::Result<size_t> FilterTrace(const TraceFilter& filter, FoundTrace& trace);

}  // namespace clew::query
