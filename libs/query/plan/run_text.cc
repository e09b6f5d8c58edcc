// SPDX-License-Identifier: Apache-2.0
#include "query/plan/run_text.h"

#include <algorithm>

#include "query/plan/plan_text.h"

namespace clew::query {
namespace {

std::string MemtablesText(const store::Sources& sources) {
  uint64_t spans = 0;
  for (const auto& memtable : sources.memtables) spans += memtable->published_rows();
  return Count(sources.memtables.size(), "memtable") + " with " + Count(spans, "span");
}

std::string BlocksText(const store::Sources& sources, const TimeRange& range) {
  uint64_t spans = 0;
  uint64_t outside = 0;
  for (const auto& block : sources.blocks) {
    const store::BlockDescription& description = block->description();
    spans += description.spans;
    if (!range.MayContain(description.min_start_unix_nano, description.max_start_unix_nano)) {
      ++outside;
    }
  }
  return Count(sources.blocks.size(), "block") + " with " + Count(spans, "span") + ", " +
         std::to_string(outside) + " of them outside the range";
}

}  // namespace

std::string Print(const store::Sources& sources, const TimeRange& range) {
  PlanText text;
  text.Add("sources", MemtablesText(sources));
  text.Add("", BlocksText(sources, range));
  return text.Take();
}

std::string Print(const RunCounters& counters) {
  PlanText text;
  text.Add("looked at",
           Count(counters.memtables, "memtable") + ", " + Count(counters.blocks, "block") + ", " +
               Count(counters.row_groups, "row group") + ", " + Count(counters.rows, "row"));
  text.Add("passed over", Count(counters.blocks_outside, "block") + " and " +
                              Count(counters.row_groups_outside, "row group") +
                              " outside the range");
  text.Add("", Count(counters.row_groups_without, "row group") +
                   " without a row that meets the condition");
  text.Add("traces", Count(counters.traces, "trace") + " evaluated, " +
                         std::to_string(counters.assembled_traces) + " of them brought together");
  text.Add("read", Count(counters.bytes, "byte") + " of columns");
  return text.Take();
}

}  // namespace clew::query
