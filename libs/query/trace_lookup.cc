// SPDX-License-Identifier: Apache-2.0
// Copies of a span share their start and id, so in the order of (start, id) they are
// neighbours: only runs of such neighbours, rare in practice, are encoded and
// compared. Their bytes also order them, so that the answer is the same whatever
// order they came in.
#include "query/trace_lookup.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include "model/span_filter.h"
#include "query/cancellation.h"
#include "store/row_reader.h"
#include "wire/otlp_writer.h"

namespace clew::query {
namespace {

// A row, and what it is ordered by.
struct OrderedRow {
  int64_t start_unix_nano;
  model::SpanId span_id;
  uint32_t row;

  bool IsSameSpanAs(const OrderedRow& other) const {
    return start_unix_nano == other.start_unix_nano && span_id == other.span_id;
  }
};

std::vector<OrderedRow> InOrder(const store::Memtable& memtable, std::span<const uint32_t> rows) {
  std::vector<OrderedRow> ordered;
  ordered.reserve(rows.size());
  for (const uint32_t index : rows) {
    const store::SpanRow& row = memtable.row(index);
    ordered.push_back({row.start_unix_nano, row.span_id, index});
  }
  std::ranges::sort(ordered, {}, [](const OrderedRow& row) {
    return std::tuple(row.start_unix_nano, row.span_id, row.row);
  });
  return ordered;
}

// Appends the rows of `run`, or one row of each set of equal spans in it, ordered by all that
// is known of them, their resources and scopes included.
void AppendRun(store::RowReader& reader, std::span<const OrderedRow> run, Copies copies,
               std::vector<uint32_t>& rows) {
  std::vector<std::pair<std::string, uint32_t>> contents;
  contents.reserve(run.size());
  for (const OrderedRow& row : run) {
    wire::OtlpWriter writer;
    reader.Read(row.row, std::nullopt, writer);
    contents.emplace_back(writer.Take(), row.row);
  }
  std::ranges::sort(contents);
  const std::string* last = nullptr;
  for (const auto& [bytes, row] : contents) {
    const bool copy = last != nullptr && *last == bytes;
    if (!copy || copies == Copies::kKeep) rows.push_back(row);
    last = &bytes;
  }
}

base::Result<FoundTrace> Folded(std::shared_ptr<const store::Memtable> memtable,
                                std::span<const OrderedRow> ordered,
                                const std::stop_token& cancelled, Copies copies) {
  Cancellation cancellation(cancelled);
  std::optional<store::RowReader> reader;  // once there is something to compare
  FoundTrace found{.memtable = std::move(memtable), .rows = {}};
  found.rows.reserve(ordered.size());
  for (size_t begin = 0; begin < ordered.size();) {
    if (cancellation.CancelledAfterRow()) return QueryCancelled();
    size_t end = begin + 1;
    while (end < ordered.size() && ordered[end].IsSameSpanAs(ordered[begin])) ++end;
    if (end - begin == 1) {
      found.rows.push_back(ordered[begin].row);
    } else {
      if (!reader) reader.emplace(*found.memtable);
      AppendRun(*reader, ordered.subspan(begin, end - begin), copies, found.rows);
    }
    begin = end;
  }
  if (cancellation.Look()) return QueryCancelled();
  found.folded_count = static_cast<uint32_t>(ordered.size() - found.rows.size());
  store::GroupByOrigin(*found.memtable, found.rows);
  return found;
}

base::Result<FoundTrace> Ordered(std::shared_ptr<const store::Memtable> memtable,
                                 std::span<const uint32_t> rows, const std::stop_token& cancelled,
                                 Copies copies) {
  const std::vector<OrderedRow> ordered = InOrder(*memtable, rows);
  return Folded(std::move(memtable), ordered, cancelled, copies);
}

// Where a trace lies: the memtables and blocks that have spans of it.
struct Places {
  std::vector<std::pair<std::shared_ptr<const store::Memtable>, std::vector<uint32_t>>> memtables;
  std::vector<std::pair<const store::Block*, store::RowRange>> blocks;
};

base::Result<Places> PlacesOf(const store::Sources& sources, const model::TraceId& trace_id,
                              LeftOut* left_out) {
  Places places;
  for (const auto& memtable : sources.memtables) {
    std::vector<uint32_t> rows = memtable->RowsOf(trace_id);
    if (!rows.empty()) places.memtables.emplace_back(memtable, std::move(rows));
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

// Passes on everything but attributes of other keys.
class OnlyKeys final : public model::SpanSink {
 public:
  // Both outlive it.
  OnlyKeys(std::span<const std::string_view> keys, model::SpanSink& sink)
      : keys_(keys), sink_(sink) {}

  void OnResource(const model::ResourceView& resource) override { sink_.OnResource(resource); }
  void OnScope(const model::ScopeView& scope) override { sink_.OnScope(scope); }
  void OnSpan(const model::SpanView& span) override { sink_.OnSpan(span); }
  void OnEvent(const model::EventView& event) override { sink_.OnEvent(event); }
  void OnLink(const model::LinkView& link) override { sink_.OnLink(link); }
  void OnAttribute(std::string_view key, const model::ValueView& value) override {
    if (std::ranges::find(keys_, key) != keys_.end()) sink_.OnAttribute(key, value);
  }
  void OnRejectedSpan(model::RejectReason reason) override { sink_.OnRejectedSpan(reason); }

 private:
  const std::span<const std::string_view> keys_;
  model::SpanSink& sink_;
};

// Passes on the spans of some ids alone.
class OnlySpans final : public model::SpanFilter {
 public:
  // Both outlive it; the ids ascend.
  OnlySpans(std::span<const model::SpanId> ids, model::SpanSink& sink)
      : SpanFilter(sink), ids_(ids) {}

 private:
  bool Passes(const model::SpanView& span) const override {
    return std::ranges::binary_search(ids_, span.span_id);
  }

  const std::span<const model::SpanId> ids_;
};

// Announces all parts of a trace; with `keys` attributes of others only where that is easier.
base::Status Gather(const Places& places, const store::AttributeNames* keys,
                    const std::stop_token& cancelled, LeftOut* left_out, model::SpanSink& sink) {
  for (const auto& [memtable, rows] : places.memtables) store::ReadRows(*memtable, rows, sink);
  for (const auto& [block, rows] : places.blocks) {
    if (cancelled.stop_requested()) return QueryCancelled();
    const base::Status read =
        keys == nullptr ? block->ReadSpans(rows, sink) : block->ReadSpans(rows, *keys, sink);
    TRY(LeftOut::Note(read, left_out));
  }
  return {};
}

bool HasTwins(std::span<const OrderedRow> ordered) {
  return std::ranges::adjacent_find(ordered, [](const OrderedRow& left, const OrderedRow& right) {
           return left.IsSameSpanAs(right);
         }) != ordered.end();
}

}  // namespace

base::Result<FoundTrace> FindTrace(const store::Sources& sources, const model::TraceId& trace_id,
                                   const TraceQuestion& question) {
  const auto& [cancelled, left_out, copies] = question;
  const Places places = TRY(PlacesOf(sources, trace_id, left_out));
  if (places.blocks.empty() && places.memtables.empty()) return FoundTrace{};
  if (places.blocks.empty() && places.memtables.size() == 1) {
    const auto& [memtable, rows] = places.memtables.front();
    return Ordered(memtable, rows, cancelled, copies);
  }
  // Brought together in a memtable of its own, which is a sink like any other.
  const auto whole = std::make_shared<store::Memtable>();
  TRY(Gather(places, nullptr, cancelled, left_out, *whole));
  whole->Publish(whole->FinishBody());
  return Ordered(whole, whole->RowsOf(trace_id), cancelled, copies);
}

base::Result<FoundTrace> FindTraceShape(const store::Sources& sources,
                                        const model::TraceId& trace_id,
                                        std::span<const std::string_view> keys,
                                        const TraceQuestion& question) {
  const auto& [cancelled, left_out, copies] = question;
  const Places places = TRY(PlacesOf(sources, trace_id, left_out));
  if (places.blocks.empty()) return FindTrace(sources, trace_id, question);
  const auto shape = std::make_shared<store::Memtable>();
  OnlyKeys only(keys, *shape);
  TRY(Gather(places, &keys, cancelled, left_out, only));
  shape->Publish(shape->FinishBody());
  const std::vector<OrderedRow> ordered = InOrder(*shape, shape->RowsOf(trace_id));
  // Whether one span is the copy of another is told by all they say.
  if (HasTwins(ordered)) return FindTrace(sources, trace_id, question);
  return Folded(shape, ordered, cancelled, copies);
}

std::optional<BlockRun> FindInOneBlock(const store::Sources& sources,
                                       const model::TraceId& trace_id) {
  const auto places = PlacesOf(sources, trace_id, nullptr);
  if (!places.ok() || !places.value().memtables.empty() || places.value().blocks.size() != 1) {
    return std::nullopt;
  }
  const auto& [block, rows] = places.value().blocks.front();
  return BlockRun{.block = block, .rows = rows};
}

base::Result<FoundTrace> FindSpans(const store::Sources& sources, const model::TraceId& trace_id,
                                   std::span<const model::SpanId> ids,
                                   const std::stop_token& cancelled, LeftOut* left_out) {
  const Places places = TRY(PlacesOf(sources, trace_id, left_out));
  if (places.blocks.empty() && places.memtables.empty()) return FoundTrace{};
  if (places.blocks.empty() && places.memtables.size() == 1) {
    auto [memtable, rows] = places.memtables.front();
    std::erase_if(rows, [&](uint32_t row) {
      return !std::ranges::binary_search(ids, memtable->row(row).span_id);
    });
    return Ordered(memtable, rows, cancelled, Copies::kFold);
  }
  const auto picked = std::make_shared<store::Memtable>();
  OnlySpans only(ids, *picked);
  TRY(Gather(places, nullptr, cancelled, left_out, only));
  picked->Publish(picked->FinishBody());
  return Ordered(picked, picked->RowsOf(trace_id), cancelled, Copies::kFold);
}

base::Result<WrittenTrace> WriteTrace(const store::Sources& sources, const model::TraceId& trace_id,
                                      model::SpanSink& sink, const std::stop_token& cancelled,
                                      LeftOut* left_out) {
  const FoundTrace found =
      TRY(FindTrace(sources, trace_id, {.cancelled = cancelled, .left_out = left_out}));
  if (found.rows.empty()) return WrittenTrace{.folded_count = found.folded_count};
  store::RowReader reader(*found.memtable, found.rows);
  std::optional<uint32_t> previous;
  for (const uint32_t row : found.rows) {
    reader.Read(row, previous, sink);
    previous = row;
  }
  return WrittenTrace{.span_count = static_cast<uint32_t>(found.rows.size()),
                      .folded_count = found.folded_count};
}

}  // namespace clew::query
