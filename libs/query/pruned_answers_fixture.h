// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "query/run_notes.h"
#include "query/time_range.h"
#include "store/sources.h"

namespace clew::query {

// For tests: a question of a kind that passes over row groups and pages that cannot match.
struct PrunedQuestion {
  enum class For : uint8_t { kTraces, kNumbers, kTagValues, kUsualTimes };
  For asked{};
  std::string text{};     // in TraceQL, or the name of an attribute
  TimeRange range{};      // of numbers both ends
  int64_t step_ns = 100;  // of numbers
};

struct PrunedAnswer {
  std::string text{};
  // What it is made of, sorted: spans, values, one for each span that is counted, operations.
  // Where a block is left out some are missing, and none come in their place.
  std::vector<std::string> parts{};
  RunNotes notes{};
};

base::Result<PrunedAnswer> AnswerOf(const PrunedQuestion& question, const store::Sources& sources);

}  // namespace clew::query
