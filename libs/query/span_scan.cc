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
namespace {

using Ids = SelectedSpan::Ids;

// Gives the rows that a filter selects to a taker.
class RowTaker {
 public:
  RowTaker(FieldSet& fields, const traceql::SpansetFilter& filter, SpanTaker& taker)
      : fields_(fields), filter_(filter), taker_(taker) {}

  // `ids_of(row)` and `start_of(row)` read what a row has.
  template <typename StartOf, typename IdsOf>
  base::Status Take(const std::vector<bool>& rows, Cancellation& cancellation, StartOf start_of,
                    IdsOf ids_of) {
    const Field* const field = filter_.expr == nullptr ? nullptr : TRY(fields_.Get(*filter_.expr));
    uint32_t row = 0;
    const std::function<base::Result<Ids>()> ids = [&] { return ids_of(row); };
    for (; row < rows.size(); ++row) {
      if (cancellation.CancelledAfterRow()) return QueryCancelled();
      if (!rows[row]) continue;
      const SpanAt at{.row = row, .texts = &fields_.texts()};
      if (field != nullptr && !IsTrue(field->Evaluate(at))) continue;
      TRY(taker_.Add({at, start_of(row), fields_, ids}));
    }
    return {};
  }

 private:
  FieldSet& fields_;
  const traceql::SpansetFilter& filter_;
  SpanTaker& taker_;
};

std::vector<bool> RowsInRangeOf(const BlockRows& group) {
  std::vector<bool> rows(group.size());
  for (size_t row = 0; row < rows.size(); ++row) rows[row] = group.Contains(row);
  return rows;
}

}  // namespace

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

std::vector<bool> SpanScan::RowsInRange(const store::Memtable& memtable) {
  std::vector<bool> rows(memtable.published_rows());
  for (uint32_t row = 0; row < rows.size() && !cancellation_.CancelledAfterRow(); ++row) {
    rows[row] = range_.Contains(memtable.row(row).start_unix_nano);
  }
  return rows;
}

base::Status SpanScan::ScanRows(const traceql::SpansetFilter& filter, SpanTaker& taker) {
  const ConditionFilter condition(ConditionOf(filter.expr.get(), regexes_));
  for (const auto& memtable : sources_.memtables) {
    TRY(ScanMemtable(*memtable, filter, condition, taker));
  }
  for (const auto& block : sources_.blocks) {
    TRY(LeftOut::Note(ScanBlock(*block, filter, condition, taker), left_out_));
  }
  return {};
}

base::Status SpanScan::ScanMemtable(const store::Memtable& memtable,
                                    const traceql::SpansetFilter& filter,
                                    const ConditionFilter& condition, SpanTaker& taker) {
  std::vector<bool> rows = RowsInRange(memtable);
  condition.Narrow(memtable, cancellation_, rows);
  MemtableFields columns(memtable);
  FieldSet fields(columns, regexes_);
  return RowTaker(fields, filter, taker)
      .Take(
          rows, cancellation_, [&](uint32_t row) { return memtable.row(row).start_unix_nano; },
          [&](uint32_t row) -> base::Result<Ids> {
            return Ids{memtable.trace_id(row), memtable.row(row).span_id};
          });
}

base::Status SpanScan::ScanBlock(const store::Block& block, const traceql::SpansetFilter& filter,
                                 const ConditionFilter& condition, SpanTaker& taker) {
  const store::Block::Spans spans = TRY(block.OpenSpans());
  for (size_t group = 0; group < spans.file().row_group_count(); ++group) {
    if (cancellation_.Look()) return QueryCancelled();
    std::optional<BlockRows> rows = TRY(BlockRows::Open(spans, group, range_));
    if (rows) TRY(ScanGroup(*rows, filter, condition, taker));
  }
  return {};
}

base::Status SpanScan::ScanGroup(BlockRows& group, const traceql::SpansetFilter& filter,
                                 const ConditionFilter& condition, SpanTaker& taker) {
  std::vector<bool> rows = RowsInRangeOf(group);
  TRY(condition.Narrow(group, cancellation_, rows));
  if (std::ranges::find(rows, true) == rows.end()) return {};
  BlockFields columns(group);
  FieldSet fields(columns, regexes_);
  const store::ColumnCells* const starts = TRY(group.Cells(store::Intrinsic::kStartUnixNano));
  return RowTaker(fields, filter, taker)
      .Take(
          rows, cancellation_, [&](uint32_t row) { return starts->Int64(row); },
          [&](uint32_t row) -> base::Result<Ids> {
            const store::ColumnCells* const traces = TRY(group.Cells(store::Intrinsic::kTraceId));
            const store::ColumnCells* const ids = TRY(group.Cells(store::Intrinsic::kSpanId));
            return Ids{model::TraceId::FromBytes(traces->Bytes(row)),
                       model::SpanId::FromBytes(ids->Bytes(row))};
          });
}

base::Result<std::vector<model::TraceId>> SpanScan::TracesWith(const ConditionFilter& condition) {
  TraceSet traces;
  for (const auto& block : sources_.blocks) {
    TRY(LeftOut::Note(AddTraces(*block, condition, traces), left_out_));
  }
  for (const auto& memtable : sources_.memtables) {
    std::vector<bool> rows = RowsInRange(*memtable);
    condition.Narrow(*memtable, cancellation_, rows);
    for (uint32_t row = 0; row < rows.size(); ++row) {
      if (rows[row]) traces.Add(memtable->trace_id(row));
    }
  }
  if (cancellation_.Look()) return QueryCancelled();
  return std::move(traces.found);
}

base::Status SpanScan::AddTraces(const store::Block& block, const ConditionFilter& condition,
                                 TraceSet& traces) {
  const store::Block::Spans spans = TRY(block.OpenSpans());
  for (size_t group = 0; group < spans.file().row_group_count(); ++group) {
    if (cancellation_.Look()) return QueryCancelled();
    std::optional<BlockRows> open = TRY(BlockRows::Open(spans, group, range_));
    if (!open) continue;
    std::vector<bool> rows = RowsInRangeOf(*open);
    TRY(condition.Narrow(*open, cancellation_, rows));
    const store::ColumnCells* const ids = TRY(open->Cells(store::Intrinsic::kTraceId));
    for (size_t row = 0; row < rows.size(); ++row) {
      if (rows[row]) traces.Add(model::TraceId::FromBytes(ids->Bytes(row)));
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
                               .spans_per_spanset = 1};
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
    if (!trace) continue;
    const PipelineOutcome outcome =
        TRY(PipelineEvaluator(trace->fields).Evaluate(pipeline, trace->view));
    uint32_t span = 0;
    const std::function<base::Result<Ids>()> ids = [&]() -> base::Result<Ids> {
      return Ids{trace_id, trace->view.span(span).span_id};
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
