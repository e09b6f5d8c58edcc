// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <stop_token>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/cancellation.h"
#include "query/condition_filter.h"
#include "query/eval/regexes.h"
#include "query/left_out.h"
#include "query/memory_budget.h"
#include "query/progress.h"
#include "query/scan_threads.h"
#include "query/selected_span.h"
#include "query/time_range.h"
#include "query/trace_reader.h"
#include "store/sources.h"
#include "traceql/ast.h"

namespace clew::query {

// The one filter that a pipeline is; null when there is more to it.
const traceql::SpansetFilter* OnlyFilter(const traceql::SpansetPipeline& pipeline);
// Whether a stage of it is a limit(), which is about all traces.
bool HasLimit(const traceql::SpansetPipeline& pipeline);

// Brings the spans that a pipeline selects to whoever takes them, each once. One thread, which
// others may help.
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

  // Rows are scanned by these as well; null: by the calling thread alone.
  void Share(ScanThreads* threads) { threads_ = threads; }
  // Traces that are candidates are charged to it; null: to nobody.
  void LimitMemory(MemoryBudget* memory) { memory_ = memory; }
  // How far the scan in hand is; null: nobody hears.
  void Tell(ProgressListener* progress) { progress_ = progress; }

  // Row by row, without bringing traces together. REQUIRES: `filter` and all that the
  // taker asks for IsOfSpan.
  base::Status ScanRows(const traceql::SpansetFilter& filter, SpanTaker& taker);
  // Trace by trace. Of attributes only those of `keys` are asked for.
  using Keys = std::vector<std::string_view>;
  base::Status ScanTraces(const traceql::SpansetPipeline& pipeline, const Keys& keys,
                          SpanTaker& taker);
  // Of these traces alone.
  base::Status ScanTraces(const std::vector<model::TraceId>& traces,
                          const traceql::SpansetPipeline& pipeline, const Keys& keys,
                          SpanTaker& taker);
  // The same where any attribute may be asked for.
  base::Status ScanTraces(const traceql::SpansetPipeline& pipeline, SpanTaker& taker);
  base::Status ScanTraces(const std::vector<model::TraceId>& traces,
                          const traceql::SpansetPipeline& pipeline, SpanTaker& taker);
  // The traces with a span for which the condition holds, each once, those of a block in the
  // order of the block.
  base::Result<std::vector<model::TraceId>> TracesWith(const ConditionFilter& condition);

 private:
  // Traces in the order in which they were found, each once.
  struct TraceSet {
    std::vector<model::TraceId> found;
    std::set<model::TraceId> known;
    MemoryBudget* memory;
    base::Status Add(const model::TraceId& trace_id);
  };
  base::Status Scan(const std::vector<model::TraceId>& traces,
                    const traceql::SpansetPipeline& pipeline, TraceReader& reader,
                    SpanTaker& taker);
  static base::Status ScanTrace(const model::TraceId& trace_id, const TraceReader::Trace& trace,
                                const traceql::SpansetPipeline& pipeline, SpanTaker& taker);
  base::Status AddTraces(const store::Block& block, const ConditionFilter& condition,
                         TraceSet& traces);
  base::Result<std::vector<model::TraceId>> TracesOf(const traceql::SpansetPipeline& pipeline);

  const store::Sources& sources_;
  const TimeRange& range_;
  Regexes& regexes_;
  const std::stop_token cancelled_;
  Cancellation cancellation_;
  LeftOut* const left_out_;
  RunCounters* const counters_ = RunNotes::CountersOf(left_out_);
  MemoryBudget* memory_ = nullptr;
  ScanThreads* threads_ = nullptr;
  ProgressListener* progress_ = nullptr;
};

}  // namespace clew::query
