// SPDX-License-Identifier: Apache-2.0
// Columns to rows. All columns of a row group break into pages at the same rows, so
// the pages that hold a row stand side by side, and one row after the other is put
// together from their cells.
#include "store/block_spans.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "store/column_cells.h"
#include "store/column_value.h"
#include "store/other_key.h"
#include "wire/otlp_json_value.h"

namespace clew::store {
namespace {

using model::ValueView;

constexpr Intrinsic kOfResource[] = {Intrinsic::kResourceSchemaUrl,
                                     Intrinsic::kResourceDroppedAttributesCount};
constexpr Intrinsic kOfScope[] = {Intrinsic::kScopeName, Intrinsic::kScopeVersion,
                                  Intrinsic::kScopeSchemaUrl,
                                  Intrinsic::kScopeDroppedAttributesCount};
constexpr Intrinsic kOfEvents[] = {Intrinsic::kEventTime, Intrinsic::kEventName,
                                   Intrinsic::kEventDropped};
constexpr Intrinsic kOfLinks[] = {Intrinsic::kLinkTraceId, Intrinsic::kLinkSpanId,
                                  Intrinsic::kLinkTraceState, Intrinsic::kLinkFlags,
                                  Intrinsic::kLinkDropped};

base::Error Corrupt(const std::string& what) {
  return {base::ErrorCode::kCorruption, "spans.parquet: " + what};
}

// Columns of attributes, by the scope of these.
using ColumnsOfScopes = std::array<std::vector<size_t>, 5>;

// All Parquet columns, the last two for what has no column, but attributes of other keys.
BlockFile::Asked AskedOf(const std::vector<BlockColumn>& columns, const AttributeNames* keys) {
  BlockFile::Asked asked(columns.size() + 1, true);
  for (size_t i = 0; keys != nullptr && i < columns.size(); ++i) {
    const auto* attribute = std::get_if<AttributeColumnKey>(&columns[i].holds);
    if (attribute == nullptr) continue;
    asked[i] = std::ranges::find(*keys, attribute->key) != keys->end();
  }
  return asked;
}

ColumnsOfScopes ColumnsOf(const std::vector<BlockColumn>& columns, const BlockFile::Asked& asked) {
  ColumnsOfScopes of_scopes;
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto* attribute = std::get_if<AttributeColumnKey>(&columns[i].holds);
    if (attribute == nullptr || !asked[i]) continue;
    of_scopes[static_cast<size_t>(attribute->scope)].push_back(i);
  }
  return of_scopes;
}

// Rows of every column, and the announcing of them.
class PageRows {
 public:
  // All outlive it but `attributes`, the columns that are read, by scope.
  PageRows(const std::vector<BlockColumn>& columns, const ColumnsOfScopes& attributes,
           const BlockFile::Row& cells)
      : columns_(columns), of_scope_(attributes), cells_(cells) {
    // Most columns of a block have nothing in most traces.
    for (const AttributeScope scope :
         {AttributeScope::kResource, AttributeScope::kScope, AttributeScope::kSpan}) {
      std::erase_if(of_scope_[static_cast<size_t>(scope)],
                    [&](size_t column) { return cells_[column].value_count() == 0; });
    }
    has_events_ = HasElements(AttributeScope::kEvent);
    has_links_ = HasElements(AttributeScope::kLink);
  }

  // `ids` are those of the rows before it in its trace, to which its own is added.
  // `previous` is the row of this page announced before it, if any.
  base::Status Announce(size_t row, std::optional<size_t> previous, std::vector<model::SpanId>& ids,
                        model::SpanSink& sink) {
    TRY(ReadOthers(row));
    if (!previous || !SameOrigin(AttributeScope::kResource, *previous, row)) {
      AnnounceResource(row, sink);
      previous.reset();
    }
    if (!previous || !SameOrigin(AttributeScope::kScope, *previous, row)) AnnounceScope(row, sink);
    TRY(AnnounceSpan(row, ids, sink));
    TRY(AnnounceEvents(row, sink));
    return AnnounceLinks(row, sink);
  }

 private:
  const ColumnCells& Cells(Intrinsic intrinsic) const {
    return cells_[intrinsic == Intrinsic::kOthers ? columns_.size() - 1
                                                  : static_cast<size_t>(intrinsic)];
  }
  std::span<const size_t> Of(AttributeScope scope) const {
    return of_scope_[static_cast<size_t>(scope)];
  }
  std::string_view Text(Intrinsic intrinsic, size_t row) const {
    const ColumnCells& cells = Cells(intrinsic);
    return cells.HasValue(row) ? cells.Bytes(row) : std::string_view();
  }
  uint32_t Count(Intrinsic intrinsic, size_t row) const {
    return static_cast<uint32_t>(Cells(intrinsic).Int64(row));
  }

  base::Status ReadOthers(size_t row);
  bool HasOthers(size_t row) const;
  bool SameOrigin(AttributeScope scope, size_t a, size_t b) const;
  bool SameOthers(AttributeScope scope, size_t a, size_t b) const;
  void AnnounceResource(size_t row, model::SpanSink& sink) const;
  void AnnounceScope(size_t row, model::SpanSink& sink) const;
  base::Status AnnounceSpan(size_t row, std::vector<model::SpanId>& ids,
                            model::SpanSink& sink) const;
  base::Result<model::SpanId> ParentOf(size_t row, const std::vector<model::SpanId>& ids) const;
  base::Status AnnounceEvents(size_t row, model::SpanSink& sink) const;
  base::Status AnnounceLinks(size_t row, model::SpanSink& sink) const;
  bool HasElements(AttributeScope scope) const;
  base::Result<size_t> CountElements(AttributeScope scope, size_t row) const;
  void AnnounceAttributes(AttributeScope scope, size_t row, model::SpanSink& sink) const;
  void AnnounceElement(AttributeScope scope, size_t row, size_t ordinal,
                       model::SpanSink& sink) const;
  void AnnounceOthers(AttributeScope scope, size_t ordinal, model::SpanSink& sink) const;
  std::string_view Element(Intrinsic intrinsic, size_t row, size_t ordinal) const {
    const ColumnCells& cells = Cells(intrinsic);
    return cells.Bytes(cells.first_entry(row) + ordinal);
  }
  int64_t ElementNumber(Intrinsic intrinsic, size_t row, size_t ordinal) const {
    const ColumnCells& cells = Cells(intrinsic);
    return cells.Int64(cells.first_entry(row) + ordinal);
  }

  struct Other {
    OtherKey key;
    wire::OwnedValue value;
  };

  const std::vector<BlockColumn>& columns_;
  ColumnsOfScopes of_scope_;
  const BlockFile::Row& cells_;  // by Parquet column
  bool has_events_, has_links_;
  std::vector<Other> others_;  // of the row in hand
};

base::Status PageRows::ReadOthers(size_t row) {
  others_.clear();
  const ColumnCells& keys = cells_[columns_.size() - 1];
  const ColumnCells& values = cells_[columns_.size()];
  for (size_t entry = keys.first_entry(row); entry < keys.first_entry(row + 1); ++entry) {
    if (!keys.HasValue(entry)) continue;
    if (entry >= values.entry_count() || !values.HasValue(entry)) {
      return Corrupt("an entry of others has no value");
    }
    const std::optional<OtherKey> key = ParseOtherKey(keys.Bytes(entry));
    if (!key) return Corrupt("a key of others is of nothing: " + std::string(keys.Bytes(entry)));
    others_.push_back({*key, TRY(wire::ParseOtlpJson(values.Bytes(entry)))});
  }
  return {};
}

bool PageRows::HasOthers(size_t row) const {
  const ColumnCells& keys = cells_[columns_.size() - 1];
  for (size_t entry = keys.first_entry(row); entry < keys.first_entry(row + 1); ++entry) {
    if (keys.HasValue(entry)) return true;
  }
  return false;
}

// Others are compared as their text: equal text is an equal value.
bool PageRows::SameOthers(AttributeScope scope, size_t a, size_t b) const {
  if (!HasOthers(a) && !HasOthers(b)) return true;
  const ColumnCells& keys = cells_[columns_.size() - 1];
  const ColumnCells& values = cells_[columns_.size()];
  const std::string prefix = std::string(ScopeName(scope)) + ".";
  const auto entries = [&](size_t row) {
    std::vector<std::pair<std::string_view, std::string_view>> found;
    for (size_t entry = keys.first_entry(row); entry < keys.first_entry(row + 1); ++entry) {
      if (keys.HasValue(entry) && values.HasValue(entry) && keys.Bytes(entry).starts_with(prefix)) {
        found.emplace_back(keys.Bytes(entry), values.Bytes(entry));
      }
    }
    return found;
  };
  return entries(a) == entries(b);
}

bool SameCells(const ColumnCells& cells, size_t a, size_t b) {
  const size_t count = cells.first_entry(a + 1) - cells.first_entry(a);
  if (cells.first_entry(b + 1) - cells.first_entry(b) != count) return false;
  for (size_t i = 0; i < count; ++i) {
    if (!cells.SameValue(cells.first_entry(a) + i, cells.first_entry(b) + i)) return false;
  }
  return true;
}

bool PageRows::SameOrigin(AttributeScope scope, size_t a, size_t b) const {
  const auto same = [&](const ColumnCells& cells) { return SameCells(cells, a, b); };
  const std::span<const Intrinsic> intrinsics =
      scope == AttributeScope::kResource ? std::span<const Intrinsic>(kOfResource) : kOfScope;
  return std::ranges::all_of(intrinsics, [&](Intrinsic i) { return same(Cells(i)); }) &&
         std::ranges::all_of(Of(scope), [&](size_t column) { return same(cells_[column]); }) &&
         SameOthers(scope, a, b);
}

void PageRows::AnnounceResource(size_t row, model::SpanSink& sink) const {
  sink.OnResource(
      {.schema_url = Text(Intrinsic::kResourceSchemaUrl, row),
       .dropped_attributes_count = Count(Intrinsic::kResourceDroppedAttributesCount, row)});
  AnnounceAttributes(AttributeScope::kResource, row, sink);
}

void PageRows::AnnounceScope(size_t row, model::SpanSink& sink) const {
  sink.OnScope({.name = Text(Intrinsic::kScopeName, row),
                .version = Text(Intrinsic::kScopeVersion, row),
                .schema_url = Text(Intrinsic::kScopeSchemaUrl, row),
                .dropped_attributes_count = Count(Intrinsic::kScopeDroppedAttributesCount, row)});
  AnnounceAttributes(AttributeScope::kScope, row, sink);
}

// The id that the span named: told by the row of its parent unless it is kept.
base::Result<model::SpanId> PageRows::ParentOf(size_t row,
                                               const std::vector<model::SpanId>& ids) const {
  const ColumnCells& kept = Cells(Intrinsic::kParentSpanId);
  if (kept.HasValue(row)) return model::SpanId::FromBytes(kept.Bytes(row));
  const ColumnCells& rows = Cells(Intrinsic::kParentRow);
  if (!rows.HasValue(row)) return model::SpanId();
  const auto parent = static_cast<uint32_t>(rows.Int32(row));
  if (parent >= ids.size()) return Corrupt("a parent_row is not above its child");
  return ids[parent];
}

base::Status PageRows::AnnounceSpan(size_t row, std::vector<model::SpanId>& ids,
                                    model::SpanSink& sink) const {
  if (Cells(Intrinsic::kRowInTrace).Int32(row) == 0) ids.clear();
  const int64_t start = Cells(Intrinsic::kStartUnixNano).Int64(row);
  const int64_t duration = Cells(Intrinsic::kDurationNano).Int64(row);
  const model::SpanId parent = TRY(ParentOf(row, ids));
  ids.push_back(model::SpanId::FromBytes(Cells(Intrinsic::kSpanId).Bytes(row)));
  sink.OnSpan(
      {.trace_id = model::TraceId::FromBytes(Cells(Intrinsic::kTraceId).Bytes(row)),
       .span_id = ids.back(),
       .parent_span_id = parent,
       .trace_state = Text(Intrinsic::kTraceState, row),
       .name = Text(Intrinsic::kName, row),
       .kind = static_cast<model::SpanKind>(Cells(Intrinsic::kKind).Int32(row)),
       .start_unix_nano = start,
       .end_unix_nano =
           static_cast<int64_t>(static_cast<uint64_t>(start) + static_cast<uint64_t>(duration)),
       .status_code = static_cast<model::StatusCode>(Cells(Intrinsic::kStatusCode).Int32(row)),
       .status_message = Text(Intrinsic::kStatusMessage, row),
       .flags = Count(Intrinsic::kFlags, row),
       .dropped_attributes_count = Count(Intrinsic::kDroppedAttributesCount, row),
       .dropped_events_count = Count(Intrinsic::kDroppedEventsCount, row),
       .dropped_links_count = Count(Intrinsic::kDroppedLinksCount, row)});
  AnnounceAttributes(AttributeScope::kSpan, row, sink);
  return {};
}

void PageRows::AnnounceAttributes(AttributeScope scope, size_t row, model::SpanSink& sink) const {
  for (const size_t column : Of(scope)) {
    const auto& attribute = std::get<AttributeColumnKey>(columns_[column].holds);
    const ColumnCells& cells = cells_[column];
    if (IsArray(attribute.type)) {
      const std::optional<std::string> array = ArrayOfRow(cells, attribute.type, row);
      if (array) sink.OnAttribute(attribute.key, ValueView::Array(*array));
    } else if (cells.HasValue(row)) {
      sink.OnAttribute(attribute.key, ValueOfEntry(cells, attribute.type, row));
    }
  }
  AnnounceOthers(scope, 0, sink);
}

void PageRows::AnnounceOthers(AttributeScope scope, size_t ordinal, model::SpanSink& sink) const {
  for (const Other& other : others_) {
    if (other.key.scope == scope && other.key.ordinal == ordinal) {
      sink.OnAttribute(other.key.key, other.value.view());
    }
  }
}

std::span<const Intrinsic> IntrinsicsOf(AttributeScope scope) {
  return scope == AttributeScope::kEvent ? std::span<const Intrinsic>(kOfEvents) : kOfLinks;
}

// False when no row has an event, or a link.
bool PageRows::HasElements(AttributeScope scope) const {
  const auto has_any = [](const ColumnCells& cells) {
    return cells.value_count() > 0 || cells.entry_count() != cells.row_count();
  };
  return std::ranges::any_of(IntrinsicsOf(scope), [&](Intrinsic i) { return has_any(Cells(i)); }) ||
         std::ranges::any_of(Of(scope), [&](size_t column) { return has_any(cells_[column]); });
}

// How many events or links a row has; kCorruption when its columns do not agree.
base::Result<size_t> PageRows::CountElements(AttributeScope scope, size_t row) const {
  const std::span<const Intrinsic> intrinsics = IntrinsicsOf(scope);
  const ColumnCells& first = Cells(intrinsics.front());
  const size_t begin = first.first_entry(row);
  const size_t entries = first.first_entry(row + 1) - begin;
  const size_t count = entries == 1 && !first.IsElement(begin) ? 0 : entries;
  const auto has_count = [&](const ColumnCells& cells) {
    return cells.first_entry(row + 1) - cells.first_entry(row) == entries;
  };
  for (const Intrinsic intrinsic : intrinsics) {
    const ColumnCells& cells = Cells(intrinsic);
    bool whole = has_count(cells);
    for (size_t i = 0; i < count && whole; ++i) whole = cells.HasValue(cells.first_entry(row) + i);
    if (!whole)
      return Corrupt("lists of a span differ in length: " + std::string(NameOf(intrinsic)));
  }
  for (const size_t column : Of(scope)) {
    if (!has_count(cells_[column])) {
      return Corrupt("lists of a span differ in length: " + columns_[column].name);
    }
  }
  return count;
}

void PageRows::AnnounceElement(AttributeScope scope, size_t row, size_t ordinal,
                               model::SpanSink& sink) const {
  for (const size_t column : Of(scope)) {
    const auto& attribute = std::get<AttributeColumnKey>(columns_[column].holds);
    const ColumnCells& cells = cells_[column];
    const size_t entry = cells.first_entry(row) + ordinal;
    if (cells.HasValue(entry)) {
      sink.OnAttribute(attribute.key, ValueOfEntry(cells, attribute.type, entry));
    }
  }
  AnnounceOthers(scope, ordinal, sink);
}

base::Status PageRows::AnnounceEvents(size_t row, model::SpanSink& sink) const {
  if (!has_events_) return {};
  const size_t count = TRY(CountElements(AttributeScope::kEvent, row));
  for (size_t i = 0; i < count; ++i) {
    sink.OnEvent({.time_unix_nano = ElementNumber(Intrinsic::kEventTime, row, i),
                  .name = Element(Intrinsic::kEventName, row, i),
                  .dropped_attributes_count =
                      static_cast<uint32_t>(ElementNumber(Intrinsic::kEventDropped, row, i))});
    AnnounceElement(AttributeScope::kEvent, row, i, sink);
  }
  return {};
}

base::Status PageRows::AnnounceLinks(size_t row, model::SpanSink& sink) const {
  if (!has_links_) return {};
  const size_t count = TRY(CountElements(AttributeScope::kLink, row));
  for (size_t i = 0; i < count; ++i) {
    sink.OnLink({.trace_id = model::TraceId::FromBytes(Element(Intrinsic::kLinkTraceId, row, i)),
                 .span_id = model::SpanId::FromBytes(Element(Intrinsic::kLinkSpanId, row, i)),
                 .trace_state = Element(Intrinsic::kLinkTraceState, row, i),
                 .flags = static_cast<uint32_t>(ElementNumber(Intrinsic::kLinkFlags, row, i)),
                 .dropped_attributes_count =
                     static_cast<uint32_t>(ElementNumber(Intrinsic::kLinkDropped, row, i))});
    AnnounceElement(AttributeScope::kLink, row, i, sink);
  }
  return {};
}

// Reads the pages that hold rows of a range.
class SpanReader {
 public:
  SpanReader(const Block::Spans& spans, const AttributeNames* keys, model::SpanSink& sink)
      : spans_(spans),
        asked_(AskedOf(spans.columns, keys)),
        attributes_(ColumnsOf(spans.columns, asked_)),
        sink_(sink) {}

  // Rows of a page, counted from its first.
  base::Status ReadPage(size_t group, size_t page, parquet::Part wanted) {
    const BlockFile::Rows read = TRY(spans_.pages.RowsOf(group, page, wanted, asked_));
    PageRows rows(spans_.columns, attributes_, *read.cells);
    std::optional<size_t> previous;
    for (size_t row = wanted.first - read.first; row < wanted.end() - read.first; ++row) {
      TRY(rows.Announce(row, previous, ids_, sink_));
      previous = row;
    }
    return {};
  }

 private:
  const Block::Spans& spans_;
  const BlockFile::Asked asked_;
  const ColumnsOfScopes attributes_;
  model::SpanSink& sink_;
  std::vector<model::SpanId> ids_;  // of the trace in hand
};

// Rows [first, end) of the group.
base::Status ForEachPageOfGroup(const Block::Spans& spans, size_t group, uint64_t first,
                                uint64_t end, const VisitPage& visit) {
  const std::shared_ptr<const BlockFile::Pages> located = TRY(spans.pages.PagesOf(group));
  const std::vector<parquet::PageLocation>& pages = located->front();
  for (size_t page = 0; page < pages.size(); ++page) {
    const uint64_t page_begin = pages[page].first_row;
    const uint64_t page_end = page_begin + pages[page].rows;
    if (page_end <= first || end <= page_begin) continue;
    const uint64_t begin = std::max(first, page_begin) - page_begin;
    TRY(visit(group, page, {begin, std::min(end, page_end) - page_begin - begin}));
  }
  return {};
}

}  // namespace

base::Status ForEachPage(const Block::Spans& spans, RowRange rows, const VisitPage& visit) {
  const uint64_t known = spans.file().row_count();
  if (rows.first > known || rows.count > known - rows.first) {
    return Corrupt("it has fewer rows than traces.parquet says: " + std::to_string(known));
  }
  uint64_t begin = 0;  // of the row group
  for (size_t group = 0; group < spans.file().row_group_count() && begin < rows.end(); ++group) {
    const uint64_t end = begin + spans.file().rows_of(group);
    if (rows.first < end) {
      const uint64_t first = std::max(rows.first, begin) - begin;
      TRY(ForEachPageOfGroup(spans, group, first, std::min(rows.end(), end) - begin, visit));
    }
    begin = end;
  }
  return {};
}

base::Status ReadBlockSpans(const Block::Spans& spans, RowRange rows, const AttributeNames* keys,
                            model::SpanSink& sink) {
  SpanReader reader(spans, keys, sink);
  return ForEachPage(spans, rows, [&](size_t group, size_t page, parquet::Part part) {
    return reader.ReadPage(group, page, part);
  });
}

}  // namespace clew::store
