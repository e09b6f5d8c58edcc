// SPDX-License-Identifier: Apache-2.0
// Copies of a span share its start and id, so in the order of (start, id) they are
// neighbours: only runs of such neighbours, rare in practice, are encoded and
// compared. Their bytes also order them, so that the answer is the same whatever
// order they came in.
#include "query/trace_lookup.h"

#include <algorithm>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "query/cancellation.h"
#include "wire/otlp_writer.h"

namespace clew::query {
namespace {

// All that is known of a span, with its resource and scope.
std::string BytesOf(const store::Memtable& memtable, uint32_t row) {
  wire::OtlpWriter writer;
  memtable.ReadSpans(std::span(&row, 1), writer);
  return writer.Take();
}

// Appends one row of each set of equal spans in `run`.
void AppendDistinct(const store::Memtable& memtable, std::span<const uint32_t> run,
                    std::vector<uint32_t>& distinct) {
  std::vector<std::pair<std::string, uint32_t>> contents;
  contents.reserve(run.size());
  for (const uint32_t row : run) contents.emplace_back(BytesOf(memtable, row), row);
  std::ranges::sort(contents);
  const std::string* last = nullptr;
  for (const auto& [bytes, row] : contents) {
    if (last == nullptr || *last != bytes) distinct.push_back(row);
    last = &bytes;
  }
}

base::Result<WrittenTrace> WriteFrom(const store::Memtable& memtable,
                                     const model::TraceId& trace_id, model::SpanSink& sink,
                                     std::stop_token cancelled) {
  Cancellation cancellation(std::move(cancelled));
  std::vector<uint32_t> rows = memtable.RowsOf(trace_id);
  const auto order = [&](uint32_t index) {
    const store::SpanRow& row = memtable.row(index);
    return std::tuple(row.start_unix_nano, row.span_id, index);
  };
  std::ranges::sort(rows, {}, order);

  std::vector<uint32_t> distinct;
  for (size_t begin = 0; begin < rows.size();) {
    if (cancellation.CancelledAfterRow()) return QueryCancelled();
    const store::SpanRow& first = memtable.row(rows[begin]);
    size_t end = begin + 1;
    while (end < rows.size() && memtable.row(rows[end]).span_id == first.span_id &&
           memtable.row(rows[end]).start_unix_nano == first.start_unix_nano) {
      ++end;
    }
    const auto run = std::span(rows).subspan(begin, end - begin);
    if (run.size() == 1) {
      distinct.push_back(run.front());
    } else {
      AppendDistinct(memtable, run, distinct);
    }
    begin = end;
  }
  if (cancellation.Look()) return QueryCancelled();
  memtable.ReadSpans(distinct, sink);
  return WrittenTrace{.span_count = static_cast<uint32_t>(distinct.size()),
                      .folded_count = static_cast<uint32_t>(rows.size() - distinct.size())};
}

// Where a trace lies: the memtables and blocks that have spans of it.
struct Places {
  std::vector<const store::Memtable*> memtables;
  std::vector<std::pair<const store::Block*, store::RowRange>> blocks;
};

base::Result<Places> FindTrace(const store::Sources& sources, const model::TraceId& trace_id,
                               LeftOut* left_out) {
  Places places;
  for (const auto& memtable : sources.memtables) {
    if (!memtable->RowsOf(trace_id).empty()) places.memtables.push_back(memtable.get());
  }
  for (const auto& block : sources.blocks) {
    const auto found = block->Find(trace_id);
    if (!found.ok()) {
      TRY(LeftOut::Note(found.error(), left_out));
      continue;
    }
    for (const store::RowRange& rows : found.value()) places.blocks.emplace_back(block.get(), rows);
  }
  return places;
}

}  // namespace

base::Result<WrittenTrace> WriteTrace(const store::Sources& sources, const model::TraceId& trace_id,
                                      model::SpanSink& sink, std::stop_token cancelled,
                                      LeftOut* left_out) {
  const Places places = TRY(FindTrace(sources, trace_id, left_out));
  if (places.blocks.empty() && places.memtables.empty()) return WrittenTrace{};
  if (places.blocks.empty() && places.memtables.size() == 1) {
    return WriteFrom(*places.memtables.front(), trace_id, sink, std::move(cancelled));
  }
  // Brought together in a memtable of its own, which is a sink like any other.
  store::Memtable whole;
  for (const store::Memtable* memtable : places.memtables) {
    memtable->ReadSpans(memtable->RowsOf(trace_id), whole);
  }
  for (const auto& [block, rows] : places.blocks) {
    if (cancelled.stop_requested()) return QueryCancelled();
    TRY(LeftOut::Note(block->ReadSpans(rows, whole), left_out));
  }
  whole.Publish(whole.FinishBody());
  return WriteFrom(whole, trace_id, sink, std::move(cancelled));
}

}  // namespace clew::query
