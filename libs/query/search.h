// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "query/answer_attribute.h"
#include "query/left_out.h"
#include "query/memory_budget.h"
#include "query/time_range.h"
#include "store/sources.h"

namespace clew::query {

struct TagPredicate {
  std::string key;
  std::string value;
};

struct TraceSummary;

// Hears of a search while it runs, on its thread.
class SearchListener {
 public:
  virtual ~SearchListener() = default;
  // The next trace of the answer, in its order: no later one comes before it. The last
  // ones of an answer may be in the answer alone.
  virtual void OnTrace(const TraceSummary& trace) = 0;
  // How many of the memtables and blocks have been searched.
  virtual void OnProgress(size_t searched, size_t sources) = 0;
};

// A trace matches when one of its spans, with its resource, meets all tags: the
// value contains the text, without regard to case. `name`, `kind` (server, client,
// …), `error` (true), `status.code` (unset, ok, error), `root.name` and
// `root.service.name` mean the span's and the trace's own. Durations are those of
// the trace. The range is that of a matching span.
struct SearchRequest {
  std::vector<TagPredicate> tags;
  std::optional<int64_t> min_duration_ns, max_duration_ns;
  TimeRange range;
  uint32_t limit = 20;
  SearchListener* listener = nullptr;
  MemoryBudget* memory = nullptr;
};

struct ServiceStats {
  std::string service;
  uint32_t span_count = 0;
  uint32_t error_count = 0;
};

// A span that a query by TraceQL selects, with the values of what the query mentions.
struct SpanAnswer {
  model::SpanId span_id;
  std::string name{};
  int64_t start_unix_nano = 0;
  int64_t duration_ns = 0;
  std::vector<AnswerAttribute> attributes{};
};

struct SpansetAnswer {
  std::vector<SpanAnswer> spans{};  // the first of them
  uint32_t matched = 0;             // all
  std::vector<AnswerAttribute> attributes{};
};

struct TraceSummary {
  model::TraceId trace_id;
  bool root_found = false;  // its root span has been received
  std::string root_service{}, root_name{};
  int64_t start_unix_nano = 0;
  int64_t duration_ns = 0;
  std::vector<ServiceStats> services{};   // by name
  std::vector<SpansetAnswer> spansets{};  // of a query by TraceQL
};

struct SearchResult {
  std::vector<TraceSummary> traces;  // by (start, trace id), newest first
  uint64_t inspected_traces = 0;
  uint64_t inspected_bytes = 0;
};

// The same whatever sources the spans lie in, and however a trace is spread over them.
// A block that cannot be read is left out and named in `left_out`; without that it is
// the error. kCancelled once `cancelled` is asked for; kExhausted over the memory budget.
base::Result<SearchResult> Search(const store::Sources& sources, const SearchRequest& request,
                                  std::stop_token cancelled = {}, LeftOut* left_out = nullptr);

}  // namespace clew::query
