// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>

#include "base/result.h"
#include "query/left_out.h"
#include "query/search.h"
#include "query/span_filter.h"
#include "query/time_range.h"
#include "query/trace_place.h"
#include "store/sources.h"

namespace clew::query {

// Decides of traces, each joined over all sources, whether they are results. One thread.
class TraceJudge {
 public:
  virtual ~TraceJudge() = default;
  // Whether its spans can make it a result, which is asked before anything is said of it.
  // `place` is that of a part of it, if one is known.
  virtual base::Result<bool> MayAccept(const model::TraceId& trace_id, const TracePlace& place) {
    (void)trace_id, (void)place;
    return true;
  }
  // The same trace next, as a whole. May add to what is said of the trace.
  virtual base::Result<bool> Accepts(TraceSummary& trace) = 0;
};

struct RankingRequest {
  const SpanFilter& filter;  // every result has a span that matches it
  const TimeRange& range;    // and starts in it
  uint32_t limit;
  SearchListener* listener = nullptr;
  MemoryBudget* memory = nullptr;
};

// The newest traces that a judge accepts. As Search in all else.
base::Result<SearchResult> RankTraces(const store::Sources& sources, const RankingRequest& request,
                                      TraceJudge& judge, std::stop_token cancelled,
                                      LeftOut* left_out);

}  // namespace clew::query
