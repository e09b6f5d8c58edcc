// SPDX-License-Identifier: Apache-2.0
#include "query/span_scan.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "query/block_rows.h"
#include "query/condition.h"
#include "query/eval/block_fields.h"
#include "query/eval/memtable_fields.h"
#include "query/eval/pipeline.h"
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

RowSet SpanScan::RowsInRange(const store::Memtable& memtable) {
  RowSet rows(memtable.published_rows());
  if (counters_ != nullptr) {
    ++counters_->memtables;
    counters_->rows += rows.size();
  }
  for (uint32_t row = 0; row < rows.size() && !cancellation_.CancelledAfterRow(); ++row) {
    if (range_.Contains(memtable.row(row).start_unix_nano)) rows.Add(row);
  }
  return rows;
}

bool SpanScan::LookAt(const store::Block& block) {
  const store::BlockDescription& description = block.description();
  const bool may =
      range_.MayContain(description.min_start_unix_nano, description.max_start_unix_nano);
  if (counters_ != nullptr) ++(may ? counters_->blocks : counters_->blocks_outside);
  return may;
}

base::Status SpanScan::ScanRows(const traceql::SpansetFilter& filter, SpanTaker& taker) {
  const RowFilter rows(filter.expr.get(), regexes_);
  for (const auto& memtable : sources_.memtables) TRY(ScanMemtable(*memtable, rows, taker));
  for (const auto& block : sources_.blocks) {
    TRY(LeftOut::Note(ScanBlock(*block, rows, taker), left_out_));
  }
  return {};
}

base::Status SpanScan::ScanMemtable(const store::Memtable& memtable, const RowFilter& filter,
                                    SpanTaker& taker) {
  RowSet rows = RowsInRange(memtable);
  MemtableFields columns(memtable);
  FieldSet fields(columns, regexes_);
  TRY(filter.Narrow(memtable, fields, cancellation_, rows));
  if (cancellation_.Look()) return QueryCancelled();  // and `rows` are not all
  uint32_t row = 0;
  const std::function<base::Result<SelectedSpan::Ids>()> ids =
      [&]() -> base::Result<SelectedSpan::Ids> {
    return SelectedSpan::Ids{memtable.trace_id(row), memtable.row(row).span_id};
  };
  for (auto next = rows.Next(0, rows.size()); next; next = rows.Next(*next + 1, rows.size())) {
    if (cancellation_.CancelledAfterRow()) return QueryCancelled();
    row = static_cast<uint32_t>(*next);
    const SpanAt at{.row = row, .texts = &fields.texts()};
    TRY(taker.Add({at, memtable.row(row).start_unix_nano, fields, ids}));
  }
  return {};
}

base::Status SpanScan::ScanBlock(const store::Block& block, const RowFilter& filter,
                                 SpanTaker& taker) {
  if (!LookAt(block)) return {};
  const store::Block::Spans spans = TRY(block.OpenSpans());
  for (size_t group = 0; group < spans.file().row_group_count(); ++group) {
    if (cancellation_.Look()) return QueryCancelled();
    std::optional<BlockRows> rows = TRY(BlockRows::Open(spans, group, range_));
    Count(rows, counters_);
    if (rows) TRY(ScanGroup(*rows, filter, taker));
  }
  return {};
}

base::Status SpanScan::ScanGroup(BlockRows& group, const RowFilter& filter, SpanTaker& taker) {
  RowSet rows = group.InRange();
  BlockFields columns(group);
  FieldSet fields(columns, regexes_);
  TRY(filter.Narrow(group, fields, cancellation_, rows));
  if (cancellation_.Look()) return QueryCancelled();  // and `rows` are not all
  if (rows.empty()) {
    if (counters_ != nullptr) ++counters_->row_groups_without;
    return {};
  }
  return taker.AddRows({group, fields, rows}, cancellation_);
}

base::Result<std::vector<model::TraceId>> SpanScan::TracesWith(const ConditionFilter& condition) {
  TraceSet traces{.found = {}, .known = {}, .memory = memory_};
  for (const auto& block : sources_.blocks) {
    TRY(LeftOut::Note(AddTraces(*block, condition, traces), left_out_));
  }
  for (const auto& memtable : sources_.memtables) {
    RowSet rows = RowsInRange(*memtable);
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
  if (!LookAt(block)) return {};
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

base::Status SpanScan::ScanTraces(const traceql::SpansetPipeline& pipeline, SpanTaker& taker) {
  TraceReader reader(sources_, range_, regexes_, cancelled_, left_out_);
  for (const model::TraceId& trace_id : TRY(TracesOf(pipeline))) {
    if (cancellation_.Look()) return QueryCancelled();
    const auto trace = TRY(reader.Read(trace_id));
    if (counters_ != nullptr) ++counters_->traces;
    if (!trace) continue;
    const PipelineOutcome outcome =
        TRY(PipelineEvaluator(trace->fields).Evaluate(pipeline, trace->view));
    uint32_t span = 0;
    const std::function<base::Result<SelectedSpan::Ids>()> ids =
        [&]() -> base::Result<SelectedSpan::Ids> {
      return SelectedSpan::Ids{trace_id, trace->view.span(span).span_id};
    };
    for (const Spanset& spanset : outcome.spansets) {
      for (const uint32_t one : spanset.spans) {
        span = one;
        TRY(taker.Add({SpanAt::Of(trace->view, span, trace->fields.texts()),
                       trace->view.span(span).start_unix_nano, trace->fields, ids}));
      }
    }
  }
  return {};
}

}  // namespace clew::query
