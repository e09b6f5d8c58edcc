// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <stop_token>
#include <vector>

#include "base/result.h"
#include "query/cancellation.h"
#include "query/condition_filter.h"
#include "query/eval/regexes.h"
#include "query/left_out.h"
#include "query/selected_span.h"
#include "query/time_range.h"
#include "store/sources.h"
#include "traceql/ast.h"

namespace clew::query {

// The one filter that a pipeline is; null when there is more to it.
const traceql::SpansetFilter* OnlyFilter(const traceql::SpansetPipeline& pipeline);
// Whether a stage of it is a limit(), which is about all traces.
bool HasLimit(const traceql::SpansetPipeline& pipeline);

// Brings the spans that a pipeline selects to whoever takes them, each once. One thread.
class SpanScan {
 public:
  // All that is given outlives it.
  SpanScan(const store::Sources& sources, const TimeRange& range, Regexes& regexes,
           std::stop_token cancelled, LeftOut* left_out)
      : sources_(sources),
        range_(range),
        regexes_(regexes),
        cancelled_(cancelled),
        cancellation_(std::move(cancelled)),
        left_out_(left_out) {}

  // Row by row, without bringing traces together. REQUIRES: `filter` and all that the
  // taker asks for IsOfSpan.
  base::Status ScanRows(const traceql::SpansetFilter& filter, SpanTaker& taker);
  // Trace by trace.
  base::Status ScanTraces(const traceql::SpansetPipeline& pipeline, SpanTaker& taker);
  // The traces with a span for which the condition holds, each once, those of a block in the
  // order of the block.
  base::Result<std::vector<model::TraceId>> TracesWith(const ConditionFilter& condition);

 private:
  base::Status ScanMemtable(const store::Memtable& memtable, const traceql::SpansetFilter& filter,
                            const ConditionFilter& condition, SpanTaker& taker);
  base::Status ScanBlock(const store::Block& block, const traceql::SpansetFilter& filter,
                         const ConditionFilter& condition, SpanTaker& taker);
  base::Status ScanGroup(BlockRows& rows, const traceql::SpansetFilter& filter,
                         const ConditionFilter& condition, SpanTaker& taker);
  std::vector<bool> RowsInRange(const store::Memtable& memtable);
  // Traces in the order in which they were found, each once.
  struct TraceSet {
    std::vector<model::TraceId> found;
    std::set<model::TraceId> known;
    void Add(const model::TraceId& trace_id) {
      if (known.insert(trace_id).second) found.push_back(trace_id);
    }
  };
  base::Status AddTraces(const store::Block& block, const ConditionFilter& condition,
                         TraceSet& traces);
  base::Result<std::vector<model::TraceId>> TracesOf(const traceql::SpansetPipeline& pipeline);

  const store::Sources& sources_;
  const TimeRange& range_;
  Regexes& regexes_;
  const std::stop_token cancelled_;
  Cancellation cancellation_;
  LeftOut* const left_out_;
};

}  // namespace clew::query
