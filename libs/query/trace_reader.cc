// SPDX-License-Identifier: Apache-2.0
#include "query/trace_reader.h"

#include <algorithm>
#include <vector>

namespace clew::query {
namespace {

// Whether two spans have one id: copies of a span are told apart only by all they say.
bool HasCopies(const std::vector<ViewedSpan>& spans) {
  std::vector<model::SpanId> ids;
  ids.reserve(spans.size());
  for (const ViewedSpan& span : spans) ids.push_back(span.span_id);
  std::ranges::sort(ids);
  return std::ranges::adjacent_find(ids) != ids.end();
}

// What rows [first, end) of a group are to a trace. kCorruption when a parent is no row of
// them.
base::Result<std::vector<ViewedSpan>> ViewRows(BlockRows& rows, uint32_t first, uint32_t end) {
  const store::ColumnCells* const starts = TRY(rows.Cells(store::Intrinsic::kStartUnixNano));
  const store::ColumnCells* const durations = TRY(rows.Cells(store::Intrinsic::kDurationNano));
  const store::ColumnCells* const ids = TRY(rows.Cells(store::Intrinsic::kSpanId));
  const store::ColumnCells* const parent_ids = TRY(rows.Cells(store::Intrinsic::kParentSpanId));
  const store::ColumnCells* const parents = TRY(rows.Cells(store::Intrinsic::kParentRow));
  const store::ColumnCells* const kinds = TRY(rows.Cells(store::Intrinsic::kKind));
  std::vector<ViewedSpan> spans;
  spans.reserve(end - first);
  for (uint32_t row = first; row < end; ++row) {
    const int64_t start = starts->Int64(row);
    ViewedSpan span{
        .row = row,
        .start_unix_nano = start,
        .end_unix_nano = static_cast<int64_t>(static_cast<uint64_t>(start) +
                                              static_cast<uint64_t>(durations->Int64(row))),
        .span_id = model::SpanId::FromBytes(ids->Bytes(row)),
        .parent_span_id = {},
        .kind = static_cast<model::SpanKind>(kinds->Int32(row))};
    if (parent_ids->HasValue(row)) {
      span.parent_span_id = model::SpanId::FromBytes(parent_ids->Bytes(row));
    } else if (parents->HasValue(row)) {
      const auto parent = static_cast<uint32_t>(parents->Int32(row));
      if (parent >= spans.size()) {
        return base::Error{base::ErrorCode::kCorruption,
                           "spans.parquet: a parent_row is not above its child"};
      }
      span.parent_span_id = spans[parent].span_id;
    }
    spans.push_back(span);
  }
  return spans;
}

}  // namespace

std::vector<ViewedSpan> ViewRows(const store::Memtable& memtable,
                                 const std::vector<uint32_t>& rows) {
  std::vector<ViewedSpan> spans;
  spans.reserve(rows.size());
  for (const uint32_t index : rows) {
    const store::SpanRow& row = memtable.row(index);
    spans.push_back({.row = index,
                     .start_unix_nano = row.start_unix_nano,
                     .end_unix_nano = row.end_unix_nano,
                     .span_id = row.span_id,
                     .parent_span_id = row.parent_span_id,
                     .kind = static_cast<model::SpanKind>(memtable.traits_of(row).kind)});
  }
  return spans;
}

base::Status TraceReader::Group::Open(Regexes& regexes, RunCounters* counters) {
  static constexpr TimeRange kAll;
  rows = TRY(BlockRows::Open(spans, index, kAll));
  rows->CountBytes(counters);
  columns.emplace(*rows);
  fields.emplace(*columns, regexes);
  return {};
}

base::Result<std::optional<TraceReader::Trace>> TraceReader::Read(const model::TraceId& trace_id,
                                                                  const TracePlace& known) {
  // What is unreadable in its place is noted when the trace is put together.
  const base::Result<TracePlace> place = OnlyPlace(trace_id, known);
  if (place.ok() && place.value().block != nullptr) {
    base::Result<std::optional<Trace>> trace = ReadInPlace(place.value());
    if (trace.ok() && trace.value()) return trace;
  }
  return Assemble(trace_id);
}

// The block where all of a trace lies; none when it is in several sources or a memtable.
base::Result<TracePlace> TraceReader::OnlyPlace(const model::TraceId& trace_id,
                                                const TracePlace& known) {
  for (const auto& memtable : sources_.memtables) {
    if (!memtable->RowsOf(trace_id).empty()) return TracePlace();
  }
  TracePlace place = known;
  for (const auto& block : sources_.blocks) {
    if (block.get() == known.block) continue;
    // Its index alone mostly says that a block has nothing of it.
    if (TRY(block->Candidates(trace_id)).empty()) continue;
    for (const store::RowRange& rows : TRY(block->Find(trace_id))) {
      if (place.block != nullptr) return TracePlace();
      place = {block.get(), rows};
    }
  }
  return place;
}

// nullopt: it lies in several row groups, or has spans that may be copies.
base::Result<std::optional<TraceReader::Trace>> TraceReader::ReadInPlace(const TracePlace& place) {
  const store::Block::Spans spans = TRY(place.block->OpenSpans());
  uint64_t begin = 0;
  for (size_t index = 0; index < spans.file().row_group_count(); ++index) {
    const uint64_t end = begin + spans.file().rows_of(index);
    if (place.rows.first < end) {
      if (place.rows.end() > end) break;
      Group* const group = TRY(GroupOf(*place.block, index));
      std::vector<ViewedSpan> viewed =
          TRY(ViewRows(*group->rows, static_cast<uint32_t>(place.rows.first - begin),
                       static_cast<uint32_t>(place.rows.end() - begin)));
      if (HasCopies(viewed)) break;
      group->fields->ForgetTexts();
      return std::optional<Trace>({TraceView(std::move(viewed), range_), *group->fields});
    }
    begin = end;
  }
  return std::optional<Trace>();
}

base::Result<std::optional<TraceReader::Trace>> TraceReader::Assemble(
    const model::TraceId& trace_id) {
  FoundTrace found = TRY(Find(trace_id));
  if (found.rows.empty()) return std::optional<Trace>();
  if (RunCounters* const counters = RunNotes::CountersOf(left_out_)) ++counters->assembled_traces;
  if (assembled_ && assembled_->IsOf(*found.memtable)) {
    assembled_->fields.ForgetTexts();
  } else {
    assembled_.emplace(std::move(found.memtable), regexes_);
  }
  return std::optional<Trace>(
      {TraceView(ViewRows(*assembled_->memtable, found.rows), range_), assembled_->fields});
}

base::Result<FoundTrace> TraceReader::Find(const model::TraceId& trace_id) {
  const TraceQuestion question{
      .cancelled = cancelled_, .left_out = left_out_, .copies = Copies::kKeep};
  if (!keys_) return FindTrace(sources_, trace_id, question);
  return FindTraceShape(sources_, trace_id, *keys_, question);
}

base::Result<TraceReader::Group*> TraceReader::GroupOf(const store::Block& block, size_t index) {
  const auto known = std::ranges::find_if(
      groups_, [&](const Group& group) { return &group.block == &block && group.index == index; });
  if (known != groups_.end()) {
    groups_.splice(groups_.begin(), groups_, known);
    return &groups_.front();
  }
  groups_.emplace_front(block, index, TRY(block.OpenSpans()));
  if (base::Status opened = groups_.front().Open(regexes_, RunNotes::CountersOf(left_out_));
      !opened.ok()) {
    groups_.pop_front();
    return std::move(opened).error();
  }
  if (groups_.size() > max_groups_) groups_.pop_back();
  return &groups_.front();
}

}  // namespace clew::query
