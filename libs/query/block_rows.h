// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/result.h"
#include "query/run_counters.h"
#include "query/time_range.h"
#include "store/block.h"
#include "store/column_cells.h"

namespace clew::query {

// One row group of a block, and which of its rows start in a range. Columns are read
// when they are first asked for. One thread.
class BlockRows {
 public:
  // nullopt when no row starts in the range. `spans` outlives it.
  static base::Result<std::optional<BlockRows>> Open(const store::Block::Spans& spans,
                                                     size_t row_group, const TimeRange& range);

  uint32_t size() const { return spans_->file().rows_of(row_group_); }
  // All rows start in the range.
  bool whole() const { return in_range_.empty(); }
  bool Contains(size_t row) const { return in_range_.empty() || in_range_[row]; }

  const std::vector<store::BlockColumn>& columns() const { return spans_->columns; }
  static size_t IndexOf(store::Intrinsic intrinsic) { return static_cast<size_t>(intrinsic); }
  // Parquet columns: those of `others` are the last two.
  size_t other_keys() const { return spans_->columns.size() - 1; }
  size_t other_values() const { return spans_->columns.size(); }

  // False when the column is null in every row.
  bool HasValues(size_t column) const;
  base::Result<const store::ColumnCells*> Cells(size_t column);
  base::Result<const store::ColumnCells*> Cells(store::Intrinsic intrinsic) {
    return Cells(IndexOf(intrinsic));
  }
  // Whether the row's span names no parent.
  base::Result<std::vector<bool>> Roots();

  uint64_t read_bytes() const { return read_bytes_; }
  // Has what was read of it, and what will be, counted there; null: nobody wants to know.
  void CountBytes(RunCounters* counters);

 private:
  BlockRows(const store::Block::Spans& spans, size_t row_group)
      : spans_(&spans), row_group_(row_group) {}

  const store::Block::Spans* spans_;
  size_t row_group_;
  std::vector<bool> in_range_;
  std::map<size_t, store::BlockFile::Cells> cells_;
  uint64_t read_bytes_ = 0;
  RunCounters* counters_ = nullptr;
};

// Counts a row group that was opened to ask its rows something, and what is read of it; null: it
// was passed over.
void Count(std::optional<BlockRows>& opened, RunCounters* counters);

}  // namespace clew::query
