// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "query/cancellation.h"
#include "query/run_counters.h"
#include "query/span_filter.h"
#include "query/time_range.h"
#include "query/trace_place.h"
#include "query/trace_summary.h"
#include "store/block.h"
#include "store/memtable.h"

namespace clew::query {

// A trace that has a matching span in some source. What a search says of it starts at
// `bound` or before: the part of it that is in other sources can only be earlier.
struct Candidate {
  int64_t bound = 0;
  model::TraceId trace_id;
  TracePlace place{};  // the block that gave it, if one did

  bool operator<(const Candidate& other) const {
    return std::tie(bound, trace_id) < std::tie(other.bound, other.trace_id);
  }
};

// A search of one memtable or block. One thread.
class SourceSearch {
 public:
  virtual ~SourceSearch() = default;
  // Appends some candidates. Those that it gives later have no later bound than
  // `frontier()`, which is kDone when there are no more.
  virtual base::Status Advance(std::vector<Candidate>& candidates) = 0;
  virtual int64_t frontier() const = 0;
  static constexpr int64_t kDone = std::numeric_limits<int64_t>::min();
  // Adds what the source has of a trace near the range.
  virtual base::Status AddPart(const model::TraceId& trace_id, TraceSummaryBuilder& summary) = 0;
  virtual uint64_t read_bytes() const = 0;
};

// What is given outlives the search.
struct SourceQuestion {
  const SpanFilter& filter;
  const TimeRange& range;
  Cancellation& cancellation;
  RunCounters* counters;  // null: nobody wants to know
};
std::unique_ptr<SourceSearch> MakeSearch(const store::Memtable& memtable,
                                         const SourceQuestion& question);
std::unique_ptr<SourceSearch> MakeSearch(const store::Block& block, const SourceQuestion& question);

}  // namespace clew::query
