// SPDX-License-Identifier: Apache-2.0
#include "query/block_rows.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace clew::query {

using store::ColumnCells;
using store::Intrinsic;

base::Result<std::optional<BlockRows>> BlockRows::Open(const store::Block::Spans& spans,
                                                       size_t row_group, const TimeRange& range) {
  BlockRows rows(spans, row_group);
  const parquet::Statistics& starts =
      spans.file().chunk(row_group, IndexOf(Intrinsic::kStartUnixNano)).statistics;
  if (starts.min && starts.max && starts.min->size() == 8 && starts.max->size() == 8) {
    const auto first = base::LoadLittle<int64_t>(starts.min->data());
    const auto last = base::LoadLittle<int64_t>(starts.max->data());
    if (range.Contains(first) && range.Contains(last)) return std::optional(std::move(rows));
    const bool before = range.start_unix_nano && last < *range.start_unix_nano;
    const bool after = range.end_unix_nano && first >= *range.end_unix_nano;
    if (before || after) return std::optional<BlockRows>();
  }
  const ColumnCells* const cells = TRY(rows.Cells(Intrinsic::kStartUnixNano));
  std::vector<bool> in_range(rows.size());
  for (size_t row = 0; row < in_range.size(); ++row)
    in_range[row] = range.Contains(cells->Int64(row));
  if (std::ranges::find(in_range, true) == in_range.end()) return std::optional<BlockRows>();
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
  const uint64_t bytes = spans_->file().chunk(row_group_, column).compressed_bytes;
  read_bytes_ += bytes;
  if (counters_ != nullptr) counters_->bytes += bytes;
  return cells_.emplace(column, std::move(read)).first->second.get();
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

base::Result<std::vector<bool>> BlockRows::Roots() {
  // The id of the parent is kept only where parent_row does not tell it.
  const ColumnCells* const ids = TRY(Cells(Intrinsic::kParentSpanId));
  const ColumnCells* const rows = TRY(Cells(Intrinsic::kParentRow));
  std::vector<bool> roots(size());
  for (size_t row = 0; row < roots.size(); ++row) {
    if (ids->HasValue(row)) {
      const std::string_view id = ids->Bytes(row);
      roots[row] = std::ranges::all_of(id, [](char c) { return c == '\0'; });
    } else {
      roots[row] = !rows->HasValue(row);
    }
  }
  return roots;
}

}  // namespace clew::query
