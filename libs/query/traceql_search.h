// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>

#include "base/result.h"
#include "query/left_out.h"
#include "query/search.h"
#include "query/time_range.h"
#include "store/sources.h"
#include "traceql/ast.h"

namespace clew::query {

struct TraceqlRequest {
  const traceql::SpansetPipeline& pipeline;                     // of a query that is valid
  std::optional<int64_t> min_duration_ns{}, max_duration_ns{};  // of the trace
  TimeRange range{};                                            // of selected spans
  uint32_t limit = 20;
  uint32_t spans_per_spanset = 3;  // 0: all
  // Hears of traces only where they come newest first.
  SearchListener* listener = nullptr;
  MemoryBudget* memory = nullptr;
};

// The traces that the pipeline leaves spansets of, newest first, or as its sort() says. The
// same wherever the spans lie. Errors as those of Search; kInvalidArgument when a spanset
// operator would meet several spansets of a trace.
base::Result<SearchResult> Search(const store::Sources& sources, const TraceqlRequest& request,
                                  std::stop_token cancelled = {}, LeftOut* left_out = nullptr);

}  // namespace clew::query
