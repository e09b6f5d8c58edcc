// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "parquet/file_writer.h"
#include "store/column_cells.h"

namespace clew::store {

// A row among pages that were brought together.
struct PagedRow {
  uint32_t page = 0;
  uint32_t row = 0;  // in the page
};

// A flat column of rows that lie in several blocks, as one column chunk. Of a block that does
// not have the column the pages are null. Where all pages have codes the result has codes
// too, and no value is looked at more than once for each dictionary it is in.
parquet::ColumnChunk JoinRows(std::span<const PagedRow> rows,
                              std::span<const ColumnCells* const> pages,
                              const parquet::Column& column);

// Numbers of which few are different go by code; the rest is for the writer to choose.
parquet::ColumnChunk ChunkOf(parquet::Levels levels, parquet::Values values);

}  // namespace clew::store
