// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/block.h"
#include "store/column_cells.h"

namespace clew::store {

// The pages of a block's spans by row, read one column at a time. One thread.
class BlockPages {
 public:
  // `block` outlives it.
  static base::Result<BlockPages> Open(const Block& block);

  // The Parquet column of a name: a leaf, or the one leaf of a list.
  std::optional<size_t> ColumnOf(const std::string& name) const;
  const std::vector<BlockColumn>& columns() const { return spans_.columns; }
  const parquet::FileReader& file() const { return spans_.file(); }
  size_t other_keys() const { return spans_.columns.size() - 1; }

  // A row of a column: its cells, and which of their rows it is.
  struct Cell {
    const ColumnCells* cells = nullptr;
    size_t row = 0;
  };
  // Pages stay in memory until the next call of Forget. Fast for rows that ascend.
  base::Result<Cell> At(size_t column, uint64_t row);
  void Forget();

  // The same by page: all columns break at the same rows.
  size_t PageOf(uint64_t row) const;
  uint64_t first_row_of(size_t page) const { return pages_[page].first_row; }
  base::Result<const ColumnCells*> CellsOf(size_t column, size_t page);

 private:
  struct Page {
    uint64_t first_row = 0;
    uint32_t rows = 0;
    size_t group = 0, index = 0;
  };
  // What is in memory of one column.
  struct Column {
    std::vector<std::unique_ptr<const ColumnCells>> pages;  // by page; null: not read
    // Of one row group: where its pages are, and its dictionary.
    std::optional<size_t> group;
    std::vector<parquet::PageLocation> locations;
    std::shared_ptr<const parquet::Values> dictionary;
  };
  explicit BlockPages(const Block::Spans& spans) : spans_(spans) {}
  base::Status Load(size_t column, size_t page);

  Block::Spans spans_;
  std::vector<Page> pages_;
  mutable size_t last_page_ = 0;
  std::vector<Column> columns_;  // by Parquet column
};

}  // namespace clew::store
