// SPDX-License-Identifier: Apache-2.0
#include "query/block_rows.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace clew::query {

using store::ColumnCells;

base::Result<std::optional<BlockRows>> BlockRows::Open(const store::Block::Spans& spans,
                                                       size_t row_group, const TimeRange& range) {
  BlockRows rows(spans, row_group);
  const parquet::Statistics& starts =
      spans.file().chunk(row_group, IndexOf(store::Intrinsic::kStartUnixNano)).statistics;
  if (starts.min && starts.max && starts.min->size() == 8 && starts.max->size() == 8) {
    const auto first = base::LoadLittle<int64_t>(starts.min->data());
    const auto last = base::LoadLittle<int64_t>(starts.max->data());
    if (range.Contains(first) && range.Contains(last)) return std::optional(std::move(rows));
    const bool before = range.start_unix_nano && last < *range.start_unix_nano;
    const bool after = range.end_unix_nano && first >= *range.end_unix_nano;
    if (before || after) return std::optional<BlockRows>();
  }
  const ColumnCells* const cells = TRY(rows.Cells(store::Intrinsic::kStartUnixNano));
  RowSet in_range(rows.size());
  for (size_t row = 0; row < in_range.size(); ++row) {
    if (range.Contains(cells->Int64(row))) in_range.Add(row);
  }
  if (in_range.empty()) return std::optional<BlockRows>();
  rows.in_range_ = std::move(in_range);
  return std::optional(std::move(rows));
}

bool BlockRows::HasValues(size_t column) const {
  const parquet::ChunkMetadata& chunk = spans_->file().chunk(row_group_, column);
  return !chunk.statistics.null_count || *chunk.statistics.null_count < chunk.values;
}

base::Result<const ColumnCells*> BlockRows::Cells(size_t column) {
  const auto known = cells_.find(column);
  if (known != cells_.end()) return known->second.get();
  store::BlockFile::Cells read = TRY(spans_->pages.Chunk(row_group_, column));
  CountChunk(column);
  return cells_.emplace(column, std::move(read)).first->second.get();
}

void BlockRows::CountChunk(size_t column) {
  const uint64_t bytes = spans_->file().chunk(row_group_, column).compressed_bytes;
  read_bytes_ += bytes;
  if (counters_ != nullptr) counters_->bytes += bytes;
}

BlockRows BlockRows::Fork() const {
  BlockRows fork = *this;
  fork.read_bytes_ = 0;
  fork.counters_ = nullptr;
  return fork;
}

void BlockRows::Join(const BlockRows& fork) {
  read_bytes_ += fork.read_bytes_;
  if (counters_ != nullptr) counters_->bytes += fork.read_bytes_;
}

void BlockRows::CountBytes(RunCounters* counters) {
  counters_ = counters;
  if (counters != nullptr) counters->bytes += read_bytes_;
}

void Count(std::optional<BlockRows>& opened, RunCounters* counters) {
  if (counters == nullptr) return;
  ++(opened ? counters->row_groups : counters->row_groups_outside);
  if (!opened) return;
  counters->rows += opened->size();
  opened->CountBytes(counters);
}

base::Result<const store::CodedRows*> BlockRows::Coded(size_t column) {
  const auto known = coded_.find(column);
  if (known != coded_.end()) return known->second.get();
  std::shared_ptr<const store::CodedRows> read = TRY(spans_->pages.Coded(row_group_, column));
  if (read != nullptr) CountChunk(column);
  return coded_.emplace(column, std::move(read)).first->second.get();
}

base::Result<const store::Exponents*> BlockRows::ExponentsOf(store::Intrinsic intrinsic) {
  const size_t column = IndexOf(intrinsic);
  const auto known = exponents_.find(column);
  if (known != exponents_.end()) return known->second.get();
  std::shared_ptr<const store::Exponents> read = TRY(spans_->pages.ExponentsOf(row_group_, column));
  CountChunk(column);
  return exponents_.emplace(column, std::move(read)).first->second.get();
}

base::Result<const std::vector<BlockRows::Page>*> BlockRows::Pages() {
  if (!pages_.empty()) return &pages_;
  const size_t column = IndexOf(store::Intrinsic::kStartUnixNano);
  const auto locations = TRY(spans_->pages.PagesOf(row_group_));
  const auto bounds = TRY(spans_->pages.BoundsOf(row_group_, column));
  for (const parquet::PageLocation& location : (*locations)[column]) {
    const parquet::Statistics& starts = (*bounds)[pages_.size()];
    pages_.push_back({pages_.size(), location.first_row, location.rows,
                      base::LoadLittle<int64_t>(starts.min->data()),
                      base::LoadLittle<int64_t>(starts.max->data())});
  }
  return &pages_;
}

base::Result<BlockRows::Page> BlockRows::PageOf(size_t row) {
  const std::vector<Page>& pages = *TRY(Pages());
  const auto next = std::ranges::upper_bound(pages, row, {}, &Page::first_row);
  return *std::prev(next);
}

base::Result<RowSet> BlockRows::Roots() {
  // The id of the parent is kept only where parent_row does not tell it.
  const ColumnCells* const ids = TRY(Cells(store::Intrinsic::kParentSpanId));
  const ColumnCells* const rows = TRY(Cells(store::Intrinsic::kParentRow));
  RowSet roots(size());
  const auto names_none = [&](size_t row) {
    if (!ids->HasValue(row)) return !rows->HasValue(row);
    return std::ranges::all_of(ids->Bytes(row), [](char c) { return c == '\0'; });
  };
  for (size_t row = 0; row < roots.size(); ++row) {
    if (names_none(row)) roots.Add(row);
  }
  return roots;
}

}  // namespace clew::query
