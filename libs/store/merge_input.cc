// SPDX-License-Identifier: Apache-2.0
// Inputs and output are in the same order, so what a row group of the output is made of
// lies close together in each input: its pages are read when they are needed, one
// column at a time. Traces that one block has whole, nearly all, keep their places;
// the others are put in order again.
#include "store/merge_input.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "store/column_value.h"
#include "store/joined_column.h"
#include "store/others_builder.h"
#include "wire/otlp_json_value.h"

namespace clew::store {
namespace {

using parquet::ColumnChunk;

constexpr size_t ColumnIndex(Intrinsic intrinsic) {
  return static_cast<size_t>(intrinsic);
}

std::string_view BytesOf(const auto& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

// Appends the value of an entry to values of its own kind.
void AppendValue(const ColumnCells& cells, size_t entry, parquet::Values& values) {
  const uint32_t place = cells.PlaceOf(entry);
  std::visit(
      [&](const auto& of_type) {
        using Sequence = std::decay_t<decltype(of_type)>;
        auto& to = std::get<Sequence>(values);
        if constexpr (std::is_same_v<Sequence, parquet::Booleans>) {
          to.values.push_back(of_type.values[place]);
        } else {
          to.push_back(of_type[place]);
        }
      },
      cells.values());
}

bool IsPlace(const BlockColumn& column) {
  return column.Is(Intrinsic::kRowInTrace) || column.Is(Intrinsic::kParentRow) ||
         column.Is(Intrinsic::kSubtreeRows);
}

// The scope of a column, and whether it is a list: of elements, or of an array.
AttributeScope ScopeOfColumn(const BlockColumn& column) {
  if (const Intrinsic* intrinsic = std::get_if<Intrinsic>(&column.holds)) {
    return ScopeOf(*intrinsic);
  }
  return std::get<AttributeColumnKey>(column.holds).scope;
}

bool IsElements(AttributeScope scope) {
  return scope == AttributeScope::kEvent || scope == AttributeScope::kLink;
}

base::Error Stopped() {
  return {base::ErrorCode::kCancelled, "the merge of blocks was stopped"};
}

// How many values some rows have in a column.
base::Result<uint64_t> ValuesOf(BlockPages& pages, size_t column, RowRange rows) {
  uint64_t values = 0;
  for (uint64_t row = rows.first; row < rows.end(); ++row) {
    const BlockPages::Cell cell = TRY(pages.At(column, row));
    const size_t end = cell.cells->first_entry(cell.row + 1);
    for (size_t entry = cell.cells->first_entry(cell.row); entry < end; ++entry) {
      values += cell.cells->HasValue(entry) ? 1 : 0;
    }
  }
  return values;
}

}  // namespace

base::Result<std::unique_ptr<MergeInput>> MergeInput::Open(
    const std::vector<std::shared_ptr<const Block>>& blocks, std::stop_token stopped,
    const TraceFilter& keeps) {
  auto input = std::unique_ptr<MergeInput>(new MergeInput(std::move(stopped)));
  std::vector<Part> parts;
  for (uint32_t i = 0; i < blocks.size(); ++i) {
    input->pages_.push_back(TRY(BlockPages::Open(*blocks[i])));
    std::vector<Fragment> fragments = TRY(blocks[i]->ReadFragments());
    if (keeps) {
      const auto left_out = std::ranges::partition(fragments, keeps, &Fragment::trace_id);
      TRY(input->LeaveOut(i, left_out));
      fragments.erase(left_out.begin(), left_out.end());
    }
    for (const Fragment& fragment : fragments) {
      parts.push_back({.trace_id = fragment.trace_id,
                       .start_unix_nano = fragment.start_unix_nano,
                       .block = i,
                       .rows = fragment.rows,
                       .first_row = fragment.first_row});
    }
  }
  input->Join(std::move(parts));
  return input;
}

// Counts the values of each attribute in rows that do not come along.
base::Status MergeInput::LeaveOut(uint32_t block, std::span<const Fragment> fragments) {
  if (fragments.empty()) return {};
  BlockPages& pages = pages_[block];
  for (size_t column = 0; column < pages.columns().size(); ++column) {
    const auto* attribute = std::get_if<AttributeColumnKey>(&pages.columns()[column].holds);
    if (attribute == nullptr) continue;
    if (stopped_.stop_requested()) return Stopped();
    for (const Fragment& fragment : fragments) {
      left_out_[*attribute] += TRY(ValuesOf(pages, column, {fragment.first_row, fragment.rows}));
    }
    pages.Forget();
  }
  return {};
}

// Gives every part the start of its whole trace, and sorts by that.
void MergeInput::Join(std::vector<Part> parts) {
  std::ranges::sort(parts, {}, [](const Part& part) {
    return std::tuple(part.trace_id, part.start_unix_nano, part.block);
  });
  for (size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].trace_id == parts[i - 1].trace_id) {
      parts[i].start_unix_nano = parts[i - 1].start_unix_nano;
    }
  }
  std::ranges::sort(parts, {}, [](const Part& part) {
    return std::tuple(part.start_unix_nano, part.trace_id, part.block);
  });
  uint64_t row = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i == 0 || parts[i].trace_id != parts[i - 1].trace_id) {
      first_part_.push_back(i);
      fragments_.push_back({.trace_id = parts[i].trace_id,
                            .first_row = row,
                            .rows = 0,
                            .start_unix_nano = parts[i].start_unix_nano});
    }
    fragments_.back().rows += parts[i].rows;
    row += parts[i].rows;
  }
  first_part_.push_back(parts.size());
  parts_ = std::move(parts);
}

std::vector<AttributeCount> MergeInput::attributes() const {
  std::map<AttributeColumnKey, uint64_t> counts;
  for (const BlockPages& pages : pages_) {
    for (size_t column = 0; column < pages.columns().size(); ++column) {
      const auto* attribute = std::get_if<AttributeColumnKey>(&pages.columns()[column].holds);
      if (attribute == nullptr) continue;
      uint64_t& count = counts[*attribute];
      for (size_t group = 0; group < pages.file().row_group_count(); ++group) {
        const parquet::ChunkMetadata& chunk = pages.file().chunk(group, column);
        count += chunk.values - std::min(chunk.values, chunk.statistics.null_count.value_or(0));
      }
    }
  }
  std::vector<AttributeCount> attributes;
  attributes.reserve(counts.size());
  for (const auto& [attribute, count] : counts) {
    const auto left_out = left_out_.find(attribute);
    const uint64_t less = left_out == left_out_.end() ? 0 : left_out->second;
    // What has no values but, say, empty arrays goes to `others`.
    if (less == 0 || count > less) attributes.push_back({attribute, count - less});
  }
  return attributes;
}

base::Status MergeInput::TakeInHand(RowRange rows) {
  if (rows == range_) return {};
  range_ = rows;
  rows_ = std::exchange(ahead_, {});
  for (BlockPages& pages : pages_) pages.Forget();
  while (rows_.size() < rows.count) TRY(AppendTrace(next_fragment_++));
  // What is left of a trace that is larger than the range.
  ahead_.assign(rows_.begin() + rows.count, rows_.end());
  rows_.resize(rows.count);
  NumberPages();
  return {};
}

void MergeInput::NumberPages() {
  pages_in_hand_.clear();
  paged_rows_.clear();
  std::vector<std::map<size_t, uint32_t>> numbers(pages_.size());  // by block and page
  for (const Row& row : rows_) {
    const size_t page = pages_[row.block].PageOf(row.row);
    const auto [number, added] =
        numbers[row.block].try_emplace(page, static_cast<uint32_t>(pages_in_hand_.size()));
    if (added) pages_in_hand_.push_back({row.block, page});
    const uint64_t first = pages_[row.block].first_row_of(page);
    paged_rows_.push_back({number->second, static_cast<uint32_t>(row.row - first)});
  }
}

base::Status MergeInput::AppendTrace(size_t fragment) {
  CHECK(fragment < fragments_.size());
  const std::span<const Part> parts(parts_.data() + first_part_[fragment],
                                    first_part_[fragment + 1] - first_part_[fragment]);
  if (parts.size() > 1) return AppendJoined(parts);
  for (uint32_t i = 0; i < parts.front().rows; ++i) {
    rows_.push_back({.block = parts.front().block, .row = parts.front().first_row + i});
  }
  return {};
}

// The rows of a trace that lies in several blocks, in an order of their own.
base::Status MergeInput::AppendJoined(std::span<const Part> parts) {
  std::vector<Row> rows;
  std::vector<OrderSpan> spans;
  for (const Part& part : parts) {
    const size_t first = rows.size();  // of the part, for the ids of parents
    for (uint32_t i = 0; i < part.rows; ++i) {
      Row row{.block = part.block, .row = part.first_row + i, .joined = true};
      const auto cell = [&](Intrinsic intrinsic) { return Cell(row, ColumnIndex(intrinsic)); };
      const BlockPages::Cell id = TRY(cell(Intrinsic::kSpanId));
      const BlockPages::Cell parent_id = TRY(cell(Intrinsic::kParentSpanId));
      const BlockPages::Cell parent_row = TRY(cell(Intrinsic::kParentRow));
      const BlockPages::Cell start = TRY(cell(Intrinsic::kStartUnixNano));
      const BlockPages::Cell kind = TRY(cell(Intrinsic::kKind));
      if (parent_id.cells->HasValue(parent_id.row)) {
        row.parent = model::SpanId::FromBytes(parent_id.cells->Bytes(parent_id.row));
      } else if (parent_row.cells->HasValue(parent_row.row)) {
        const auto above = static_cast<uint32_t>(parent_row.cells->Int32(parent_row.row));
        if (above >= i) {
          return base::Error{base::ErrorCode::kCorruption,
                             "spans.parquet: a parent_row is not above its child"};
        }
        row.parent = spans[first + above].span.span_id;
      }
      spans.push_back(
          {.trace_id = part.trace_id,
           .span = {.span_id = model::SpanId::FromBytes(id.cells->Bytes(id.row)),
                    .parent_span_id = row.parent,
                    .start_unix_nano = start.cells->Int64(start.row),
                    .kind = static_cast<model::SpanKind>(kind.cells->Int32(kind.row))}});
      rows.push_back(row);
    }
  }
  const BlockOrder order = OrderRows(spans, [](uint32_t a, uint32_t b) { return a < b; });
  for (const OrderedRow& place : order.rows) {
    Row row = rows[place.source];
    row.place = place;
    if (place.parent_row != TreeNode::kNoParent) {
      row.told = spans[order.rows[place.parent_row].source].span.span_id;
    }
    rows_.push_back(row);
  }
  return {};
}

base::Result<ColumnChunk> MergeInput::Read(const BlockColumn& column, RowRange rows) {
  if (stopped_.stop_requested()) return Stopped();
  TRY(TakeInHand(rows));
  ColumnChunk chunk;
  if (column.Is(Intrinsic::kParentSpanId)) {
    chunk = TRY(ReadParentIds());
  } else if (IsPlace(column)) {
    chunk = TRY(ReadPlaces(std::get<Intrinsic>(column.holds)));
  } else {
    chunk = TRY(ReadColumn(column));
  }
  for (BlockPages& pages : pages_) pages.Forget();
  chunk.bloom_filter = column.bloom_filter;
  return chunk;
}

// Of a joined trace all are new, and a parent's id is left out where parent_row tells it.
base::Result<ColumnChunk> MergeInput::ReadParentIds() {
  parquet::Levels levels;
  parquet::ByteArrays kept;
  for (const Row& row : rows_) {
    bool present = row.parent != row.told;
    if (row.joined && present) kept.push_back(BytesOf(row.parent));
    if (!row.joined) {
      const BlockPages::Cell cell = TRY(Cell(row, ColumnIndex(Intrinsic::kParentSpanId)));
      present = cell.cells->HasValue(cell.row);
      if (present) kept.push_back(cell.cells->Bytes(cell.row));
    }
    levels.definition.push_back(present);
  }
  return ColumnChunk{.levels = std::move(levels), .values = parquet::Values(std::move(kept))};
}

// Where the row stands in its trace; none for the parent of a root.
base::Result<std::optional<int32_t>> MergeInput::PlaceOf(const Row& row, Intrinsic intrinsic) {
  if (!row.joined) {
    const BlockPages::Cell cell = TRY(Cell(row, ColumnIndex(intrinsic)));
    if (!cell.cells->HasValue(cell.row)) return std::optional<int32_t>();
    return std::optional(cell.cells->Int32(cell.row));
  }
  uint32_t number = row.place.row_in_trace;
  if (intrinsic == Intrinsic::kSubtreeRows) number = row.place.subtree_rows;
  if (intrinsic == Intrinsic::kParentRow) number = row.place.parent_row;
  if (number == TreeNode::kNoParent) return std::optional<int32_t>();
  return std::optional(static_cast<int32_t>(number));
}

base::Result<ColumnChunk> MergeInput::ReadPlaces(Intrinsic intrinsic) {
  parquet::Levels levels;
  std::vector<int32_t> numbers;
  numbers.reserve(rows_.size());
  for (const Row& row : rows_) {
    const std::optional<int32_t> number = TRY(PlaceOf(row, intrinsic));
    if (number) numbers.push_back(*number);
    if (intrinsic == Intrinsic::kParentRow) levels.definition.push_back(number.has_value());
  }
  return ChunkOf(std::move(levels), std::move(numbers));
}

// The levels of a row of a column; of one that its block does not have, those of an
// absent value: for every event and link one.
base::Status MergeInput::AppendLevels(const BlockColumn& column, const Row& row,
                                      const BlockPages::Cell& cell, parquet::Levels& levels) {
  const AttributeScope scope = ScopeOfColumn(column);
  const bool has_column = cell.cells != nullptr;
  BlockPages::Cell shape = cell;
  if (!has_column && IsElements(scope)) {
    const Intrinsic first =
        scope == AttributeScope::kEvent ? Intrinsic::kEventTime : Intrinsic::kLinkTraceId;
    shape = TRY(Cell(row, ColumnIndex(first)));
  }
  if (shape.cells == nullptr) {
    levels.definition.push_back(0);
    levels.repetition.push_back(0);
    return {};
  }
  const size_t begin = shape.cells->first_entry(shape.row);
  const size_t end = shape.cells->first_entry(shape.row + 1);
  for (size_t entry = begin; entry < end; ++entry) {
    uint8_t level = shape.cells->definition(entry);
    if (!has_column) level = std::min<uint8_t>(level, 2);  // an element without a value
    levels.definition.push_back(level);
    levels.repetition.push_back(entry == begin ? 0 : 1);
  }
  return {};
}

base::Result<ColumnChunk> MergeInput::ReadColumn(const BlockColumn& column) {
  std::vector<std::optional<size_t>> places;  // by block
  std::optional<parquet::Column> described;
  for (const BlockPages& pages : pages_) {
    places.push_back(pages.ColumnOf(column.name));
    if (places.back()) described = pages.file().schema().columns()[*places.back()];
  }
  CHECK(described);
  std::vector<const ColumnCells*> cells;
  for (const PageInHand& page : pages_in_hand_) {
    cells.push_back(nullptr);
    const std::optional<size_t> place = places[page.block];
    if (place) cells.back() = TRY(pages_[page.block].CellsOf(*place, page.page));
  }
  if (described->max_repetition == 0) return JoinRows(paged_rows_, cells, *described);
  return JoinLists(column, cells, described->type);
}

base::Result<ColumnChunk> MergeInput::JoinLists(const BlockColumn& column,
                                                std::span<const ColumnCells* const> pages,
                                                parquet::Type type) {
  parquet::Levels levels;
  parquet::Values values = parquet::EmptyValues(type);
  for (size_t i = 0; i < rows_.size(); ++i) {
    const BlockPages::Cell cell{pages[paged_rows_[i].page], paged_rows_[i].row};
    TRY(AppendLevels(column, rows_[i], cell, levels));
    if (cell.cells == nullptr) continue;
    const size_t end = cell.cells->first_entry(cell.row + 1);
    for (size_t entry = cell.cells->first_entry(cell.row); entry < end; ++entry) {
      if (cell.cells->HasValue(entry)) AppendValue(*cell.cells, entry, values);
    }
  }
  return ChunkOf(std::move(levels), std::move(values));
}

void MergeInput::SetColumns(const std::vector<BlockColumn>& columns) {
  std::set<std::string_view> names;
  for (const BlockColumn& column : columns) names.insert(column.name);
  for (const BlockPages& pages : pages_) {
    std::vector<size_t>& dropped = dropped_.emplace_back();
    for (size_t column = 0; column < pages.columns().size(); ++column) {
      if (!names.contains(pages.columns()[column].name)) dropped.push_back(column);
    }
  }
}

// What a row had in `others` already.
base::Status MergeInput::AppendOthers(const Row& row, std::vector<Other>& others) {
  const size_t column = pages_[row.block].other_keys();
  const BlockPages::Cell keys = TRY(Cell(row, column));
  const BlockPages::Cell values = TRY(Cell(row, column + 1));
  const size_t end = keys.cells->first_entry(keys.row + 1);
  for (size_t entry = keys.cells->first_entry(keys.row); entry < end; ++entry) {
    if (!keys.cells->HasValue(entry)) continue;
    if (entry >= values.cells->entry_count() || !values.cells->HasValue(entry)) {
      return base::Error{base::ErrorCode::kCorruption,
                         "spans.parquet: an entry of others has no value"};
    }
    others.push_back({.key = std::string(keys.cells->Bytes(entry)),
                      .json = std::string(values.cells->Bytes(entry))});
  }
  return {};
}

// What a row has in a column that the result does not have.
base::Status MergeInput::AppendDropped(const Row& row, size_t column, std::vector<Other>& others) {
  const auto& attribute = std::get<AttributeColumnKey>(pages_[row.block].columns()[column].holds);
  const BlockPages::Cell cell = TRY(Cell(row, column));
  const std::string scope(ScopeName(attribute.scope));
  if (IsArray(attribute.type)) {
    const std::optional<std::string> array = ArrayOfRow(*cell.cells, attribute.type, cell.row);
    if (array) {
      others.push_back({.key = scope + "." + attribute.key,
                        .json = wire::ToOtlpJson(model::ValueView::Array(*array))});
    }
    return {};
  }
  const size_t begin = cell.cells->first_entry(cell.row);
  for (size_t entry = begin; entry < cell.cells->first_entry(cell.row + 1); ++entry) {
    if (!cell.cells->HasValue(entry)) continue;
    const std::string place =
        IsElements(attribute.scope) ? "[" + std::to_string(entry - begin) + "]" : std::string();
    others.push_back({.key = scope + place + "." + attribute.key,
                      .json = wire::ToOtlpJson(ValueOfEntry(*cell.cells, attribute.type, entry))});
  }
  return {};
}

base::Result<BlockInput::Others> MergeInput::ReadOthers(RowRange rows) {
  TRY(TakeInHand(rows));
  OthersBuilder builder;
  std::vector<Other> others;
  for (const Row& row : rows_) {
    others.clear();
    TRY(AppendOthers(row, others));
    for (const size_t column : dropped_[row.block]) TRY(AppendDropped(row, column, others));
    std::ranges::sort(others);
    builder.BeginRow();
    for (const Other& other : others) builder.Add(other.key, other.json);
  }
  for (BlockPages& pages : pages_) pages.Forget();
  return builder.Take();
}

}  // namespace clew::store
