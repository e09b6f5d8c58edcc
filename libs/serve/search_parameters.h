// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "query/time_range.h"
#include "query/traceql_search.h"
#include "serve/api.h"
#include "serve/limits.h"
#include "traceql/ast.h"

namespace clew::serve {

// What /api/search was asked, checked.
struct SearchParameters {
  std::optional<traceql::SpansetPipeline> pipeline;  // of `q`
  std::vector<std::pair<std::string, std::string>> tags;
  std::optional<int64_t> min_duration_ns;
  std::optional<int64_t> max_duration_ns;
  uint32_t limit = kDefaultResultLimit;
  uint32_t spans_per_spanset = kDefaultSpansPerSpanSet;
  // Open on both sides means everything. Tempo then looks at the last 15 minutes only, and not
  // at the newest 30 seconds, because more is costly there; here a person who has
  // just sent a span, or imported an old one, finds it without giving a range.
  query::TimeRange range;
};

// The errors are for a person to read, in Tempo's words where it has them.
base::Result<SearchParameters> ParseSearchParameters(const ApiRequest& request);

// The search by its query. REQUIRES: search.pipeline, which outlives it
query::TraceqlRequest TraceqlRequestOf(const SearchParameters& search);

// The time from now back to `since`, a duration; else `start` and `end` in Unix seconds, open on a
// side that is 0 or not given. Where Tempo refuses a range of no length, which time pickers send,
// it is the second that begins there.
base::Result<query::TimeRange> ParseTimeRange(const ApiRequest& request);

// A whole number that fits 32 bits, or "invalid <name>: …".
base::Result<uint32_t> ParseNumber(std::string_view name, std::string_view text);

}  // namespace clew::serve
