// SPDX-License-Identifier: Apache-2.0
#include "query/span_scan.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "query/block_rows.h"
#include "query/condition.h"
#include "query/eval/pipeline.h"
#include "query/row_scan.h"
#include "query/trace_reader.h"
#include "query/traceql_search.h"

namespace clew::query {

const traceql::SpansetFilter* OnlyFilter(const traceql::SpansetPipeline& pipeline) {
  if (pipeline.stages.size() != 1) return nullptr;
  const auto* expr = std::get_if<traceql::SpansetExpr>(&pipeline.stages.front().node);
  return expr == nullptr ? nullptr : std::get_if<traceql::SpansetFilter>(&expr->node);
}

bool HasLimit(const traceql::SpansetPipeline& pipeline) {
  return std::ranges::any_of(pipeline.stages, [](const traceql::Stage& stage) {
    return std::holds_alternative<traceql::Limit>(stage.node);
  });
}

base::Status SpanScan::ScanRows(const traceql::SpansetFilter& filter, SpanTaker& taker) {
  RowScan rows({sources_, range_, regexes_, cancelled_, left_out_, threads_, progress_});
  return rows.Run(filter, taker);
}

base::Result<std::vector<model::TraceId>> SpanScan::TracesWith(const ConditionFilter& condition) {
  TraceSet traces{.found = {}, .known = {}, .memory = memory_};
  for (const auto& block : sources_.blocks) {
    TRY(LeftOut::Note(AddTraces(*block, condition, traces), left_out_));
  }
  for (const auto& memtable : sources_.memtables) {
    RowSet rows = RowScan::RowsInRange(*memtable, range_, cancellation_, counters_);
    condition.Narrow(*memtable, cancellation_, rows);
    for (uint32_t row = 0; row < rows.size(); ++row) {
      if (rows.Has(row)) TRY(traces.Add(memtable->trace_id(row)));
    }
  }
  if (cancellation_.Look()) return QueryCancelled();
  return std::move(traces.found);
}

base::Status SpanScan::TraceSet::Add(const model::TraceId& trace_id) {
  constexpr uint64_t kBytesOfTrace = 96;  // in both
  if (!known.insert(trace_id).second) return {};
  found.push_back(trace_id);
  return MemoryBudget::Charge(memory, kBytesOfTrace,
                              "very many traces are candidates; narrow the filter or the time "
                              "range");
}

base::Status SpanScan::AddTraces(const store::Block& block, const ConditionFilter& condition,
                                 TraceSet& traces) {
  if (!RowScan::LookAt(block, range_, counters_)) return {};
  const store::Block::Spans spans = TRY(block.OpenSpans());
  for (size_t group = 0; group < spans.file().row_group_count(); ++group) {
    if (cancellation_.Look()) return QueryCancelled();
    std::optional<BlockRows> open = TRY(BlockRows::Open(spans, group, range_));
    Count(open, counters_);
    if (!open) continue;
    RowSet rows = open->InRange();
    TRY(condition.Narrow(*open, cancellation_, rows));
    if (rows.empty()) {
      if (counters_ != nullptr) ++counters_->row_groups_without;
      continue;
    }
    const store::ColumnCells* const ids = TRY(open->Cells(store::Intrinsic::kTraceId));
    for (size_t row = 0; row < rows.size(); ++row) {
      if (rows.Has(row)) TRY(traces.Add(model::TraceId::FromBytes(ids->Bytes(row))));
    }
  }
  return {};
}

// limit() is about all traces, so those that are left are found as a search finds them.
base::Result<std::vector<model::TraceId>> SpanScan::TracesOf(
    const traceql::SpansetPipeline& pipeline) {
  if (!HasLimit(pipeline)) return TracesWith(ConditionFilter(ConditionOf(pipeline, regexes_)));
  const TraceqlRequest request{.pipeline = pipeline,
                               .range = range_,
                               .limit = std::numeric_limits<uint32_t>::max(),
                               .spans_per_spanset = 1,
                               .memory = memory_};
  const SearchResult result = TRY(Search(sources_, request, cancelled_, left_out_));
  std::vector<model::TraceId> traces;
  traces.reserve(result.traces.size());
  for (const TraceSummary& trace : result.traces) traces.push_back(trace.trace_id);
  return traces;
}

base::Status SpanScan::ScanTraces(const traceql::SpansetPipeline& pipeline, const Keys& keys,
                                  SpanTaker& taker) {
  const std::vector<model::TraceId> traces = TRY(TracesOf(pipeline));
  return ScanTraces(traces, pipeline, keys, taker);
}

base::Status SpanScan::ScanTraces(const std::vector<model::TraceId>& traces,
                                  const traceql::SpansetPipeline& pipeline, const Keys& keys,
                                  SpanTaker& taker) {
  TraceReader reader(sources_, range_, regexes_, cancelled_, left_out_);
  reader.AskOnly(keys);
  return Scan(traces, pipeline, reader, taker);
}

base::Status SpanScan::ScanTraces(const traceql::SpansetPipeline& pipeline, SpanTaker& taker) {
  const std::vector<model::TraceId> traces = TRY(TracesOf(pipeline));
  return ScanTraces(traces, pipeline, taker);
}

base::Status SpanScan::ScanTraces(const std::vector<model::TraceId>& traces,
                                  const traceql::SpansetPipeline& pipeline, SpanTaker& taker) {
  TraceReader reader(sources_, range_, regexes_, cancelled_, left_out_);
  return Scan(traces, pipeline, reader, taker);
}

base::Status SpanScan::Scan(const std::vector<model::TraceId>& traces,
                            const traceql::SpansetPipeline& pipeline, TraceReader& reader,
                            SpanTaker& taker) {
  size_t done = 0;
  for (const model::TraceId& trace_id : traces) {
    if (cancellation_.Look()) return QueryCancelled();
    if (progress_ != nullptr) progress_->OnProgress(done++, traces.size());
    const auto trace = TRY(reader.Read(trace_id));
    if (counters_ != nullptr) ++counters_->traces;
    if (!trace) continue;
    // A column that is read only now may be one that cannot be read.
    TRY(LeftOut::Note(ScanTrace(trace_id, *trace, pipeline, taker), left_out_));
  }
  return {};
}

base::Status SpanScan::ScanTrace(const model::TraceId& trace_id, const TraceReader::Trace& trace,
                                 const traceql::SpansetPipeline& pipeline, SpanTaker& taker) {
  const PipelineOutcome outcome =
      TRY(PipelineEvaluator(trace.fields).Evaluate(pipeline, trace.view));
  uint32_t span = 0;
  const std::function<base::Result<SelectedSpan::Ids>()> ids =
      [&]() -> base::Result<SelectedSpan::Ids> {
    return SelectedSpan::Ids{trace_id, trace.view.span(span).span_id};
  };
  for (const Spanset& spanset : outcome.spansets) {
    for (const uint32_t one : spanset.spans) {
      span = one;
      TRY(taker.Add({SpanAt::Of(trace.view, span, trace.fields.texts()),
                     trace.view.span(span).start_unix_nano, trace.fields, ids}));
    }
  }
  return {};
}

}  // namespace clew::query
