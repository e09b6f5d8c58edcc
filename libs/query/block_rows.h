// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/row_set.h"
#include "query/run_counters.h"
#include "query/time_range.h"
#include "store/block.h"
#include "store/coded_rows.h"
#include "store/column_cells.h"

namespace clew::query {

// One row group of a block, and which of its rows start in a range. Columns are read
// when they are first asked for. One thread.
class BlockRows {
 public:
  // nullopt when no row starts in the range. `spans` outlives it.
  static base::Result<std::optional<BlockRows>> Open(const store::Block::Spans& spans,
                                                     size_t row_group, const TimeRange& range);

  size_t number() const { return row_group_; }  // in its block
  uint32_t size() const { return spans_->file().rows_of(row_group_); }
  // All rows start in the range.
  bool whole() const { return !in_range_.has_value(); }
  bool Contains(size_t row) const { return !in_range_ || in_range_->Has(row); }
  RowSet InRange() const { return in_range_ ? *in_range_ : RowSet::All(size()); }

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
  // A column by codes; null for lists and for what has no dictionary.
  base::Result<const store::CodedRows*> Coded(size_t column);
  base::Result<const store::CodedRows*> Coded(store::Intrinsic intrinsic) {
    return Coded(IndexOf(intrinsic));
  }
  // Of a column of numbers.
  base::Result<const store::Exponents*> ExponentsOf(store::Intrinsic intrinsic);
  // All values of a column that has any are in its dictionary.
  bool HasDictionary(size_t column) const {
    return spans_->file().chunk(row_group_, column).has_dictionary;
  }
  // Empty when it has none.
  base::Result<std::shared_ptr<const parquet::Values>> Dictionary(size_t column) {
    return spans_->pages.Dictionary(row_group_, column);
  }
  const parquet::Statistics& statistics(size_t column) const {
    return spans_->file().chunk(row_group_, column).statistics;
  }
  // False only if no row has that text in a column of texts.
  base::Result<bool> MayContain(size_t column, std::string_view text) {
    return spans_->pages.MayContain(row_group_, column, text);
  }
  // Pages, which break at the same rows in all columns.
  struct Page {
    size_t number = 0;
    uint32_t first_row = 0, rows = 0;
    int64_t first_start = 0, last_start = 0;  // of its spans
    uint32_t end() const { return first_row + rows; }
  };
  base::Result<const std::vector<Page>*> Pages();
  base::Result<Page> PageOf(size_t row);
  // A column of a page, whose rows count from 0.
  base::Result<store::BlockFile::Cells> CellsOfPage(store::Intrinsic column, size_t page) {
    return spans_->pages.Page(row_group_, IndexOf(column), page);
  }
  // Those whose span names no parent.
  base::Result<RowSet> Roots();

  // The same for another thread, and what that has read of it once it is done.
  BlockRows Fork() const;
  void Join(const BlockRows& fork);

  uint64_t read_bytes() const { return read_bytes_; }
  // Has what was read of it, and what will be, counted there; null: nobody wants to know.
  void CountBytes(RunCounters* counters);

 private:
  BlockRows(const store::Block::Spans& spans, size_t row_group)
      : spans_(&spans), row_group_(row_group) {}
  void CountChunk(size_t column);  // that was read

  const store::Block::Spans* spans_;
  size_t row_group_;
  std::optional<RowSet> in_range_;  // none: all are
  std::map<size_t, store::BlockFile::Cells> cells_;
  std::map<size_t, std::shared_ptr<const store::CodedRows>> coded_;
  std::map<size_t, std::shared_ptr<const store::Exponents>> exponents_;
  std::vector<Page> pages_;  // empty: not looked for yet
  uint64_t read_bytes_ = 0;
  RunCounters* counters_ = nullptr;
};

// Counts a row group that was opened to ask its rows something, and what is read of it; null: it
// was passed over.
void Count(std::optional<BlockRows>& opened, RunCounters* counters);

}  // namespace clew::query
