// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "reference/assembled_trace.h"
#include "reference/span.h"
#include "reference/spanset.h"
#include "traceql/ast.h"

namespace clew::reference {

struct SearchOptions {
  std::optional<int64_t> start_ns{};  // a span is asked for when it starts in [start, end)
  std::optional<int64_t> end_ns{};
  size_t limit = 20;
  size_t spans_per_spanset = 3;  // 0: all
  int64_t horizon_ns = SpanRange{}.horizon_ns;
};

struct FoundSpan {
  model::SpanId span_id;
  std::string name;
  int64_t start_ns = 0;
  int64_t duration_ns = 0;
  std::vector<NamedValue> attributes;
};

struct FoundSpanset {
  size_t matched = 0;  // spans, those included that are more than were wanted
  std::vector<FoundSpan> spans;
  std::vector<NamedValue> attributes;  // of by() and aggregates
};

struct FoundTrace {
  model::TraceId trace_id;
  std::string root_service_name;  // kRootNotReceived when there is no root
  std::string root_name;          // empty when there is no root
  int64_t start_ns = 0;
  int64_t duration_ns = 0;
  std::map<std::string, ServiceStats> services;
  std::vector<FoundSpanset> spansets;
};

inline constexpr const char* kRootNotReceived = "<root span not yet received>";

// Newest first by (start, trace id), or as sort() has ordered them.
// REQUIRES: Validate(query).ok(), and the traces have different ids
base::Result<std::vector<FoundTrace>> EvaluateSearch(const traceql::Query& query,
                                                     const std::vector<Trace>& traces,
                                                     const SearchOptions& options);

}  // namespace clew::reference
