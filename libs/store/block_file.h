// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "parquet/file_reader.h"
#include "store/coded_rows.h"
#include "store/column_cells.h"
#include "store/exponents.h"
#include "store/page_cache.h"

namespace clew::store {

// A Parquet file of a block, read through the cache of all blocks. Errors as those of the
// reader. Thread-safe.
class BlockFile {
 public:
  // `cache` outlives it; null: nothing is kept.
  BlockFile(parquet::FileReader reader, PageCache* cache);

  const parquet::FileReader& reader() const { return reader_; }

  // Where the pages of a row group are, by column. All columns break at the same rows:
  // kCorruption where they do not.
  using Pages = std::vector<std::vector<parquet::PageLocation>>;
  base::Result<std::shared_ptr<const Pages>> PagesOf(size_t row_group) const;

  // The least and the greatest value of each page of a column of numbers without nulls.
  // kCorruption where they are not told.
  using Bounds = std::vector<parquet::Statistics>;
  base::Result<std::shared_ptr<const Bounds>> BoundsOf(size_t row_group, size_t column) const;

  using Cells = std::shared_ptr<const ColumnCells>;
  // A page, by its number in the row group, and all of a chunk.
  base::Result<Cells> Page(size_t row_group, size_t column, size_t page) const;
  // Rows of every column.
  using Row = std::vector<ColumnCells>;
  struct Rows {
    std::shared_ptr<const Row> cells;
    size_t first = 0;  // the number in its page of the first of them
  };
  // Some rows of a page, counted from its first. Pages are kept packed as they are in the file,
  // which takes a fifth of the memory, and only these rows of the columns that are asked for, by
  // column, are decoded; but all of a page that is asked for again and again.
  using Asked = std::vector<bool>;
  base::Result<Rows> RowsOf(size_t row_group, size_t page, parquet::Part rows,
                            const Asked& columns) const;
  base::Result<Cells> Chunk(size_t row_group, size_t column) const;
  // Empty when the chunk has none.
  base::Result<std::shared_ptr<const parquet::Values>> Dictionary(size_t row_group,
                                                                  size_t column) const;
  // False only if the value (PLAIN, without length prefix) is not in the chunk.
  base::Result<bool> MayContain(size_t row_group, size_t column, std::string_view plain) const;
  // A chunk by codes; null for lists and for what has no dictionary.
  base::Result<std::shared_ptr<const CodedRows>> Coded(size_t row_group, size_t column) const;
  // Those of a chunk of numbers, without keeping the numbers.
  base::Result<std::shared_ptr<const Exponents>> ExponentsOf(size_t row_group, size_t column) const;

 private:
  template <typename T, typename Load>
  base::Result<std::shared_ptr<const T>> Get(size_t row_group, size_t column, uint32_t page,
                                             Load load) const;
  base::Result<std::optional<CodedRows>> ReadCoded(size_t row_group, size_t column) const;
  PageCache::Key KeyOf(size_t row_group, size_t column, uint32_t page) const;
  base::Result<ColumnCells> ReadPage(size_t row_group, size_t column, size_t page) const;
  base::Result<ColumnCells> CellsOf(size_t row_group, size_t column, parquet::Page page) const;
  using PlainPages = std::vector<parquet::PlainPage>;  // by column
  base::Result<PlainPages> ReadPlain(const Pages& pages, size_t row_group, size_t page) const;
  base::Result<Row> DecodeRows(size_t row_group, size_t page, parquet::Part rows,
                               const Asked* columns) const;

  parquet::FileReader reader_;
  PageCache* cache_;
  uint64_t number_ = 0;  // in the cache
};

}  // namespace clew::store
