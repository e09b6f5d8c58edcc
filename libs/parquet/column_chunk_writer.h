// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "parquet/file_writer.h"
#include "parquet/metadata.h"

namespace clew::parquet {

// A column chunk as it was written: for the footer, and for the indexes that follow
// the row groups.
struct WrittenChunk {
  ChunkFooter footer;
  std::vector<PageOffset> pages;
  std::vector<Statistics> page_statistics;
  bool bounded = true;       // every page with values has a minimum and a maximum
  std::string bloom_filter;  // its bitset; empty: none
};

// Encodes and appends one column chunk; `offset` is where the sink stands.
// REQUIRES: levels and values fit the column and the rows of the pages.
struct ChunkPlace {
  const Column& column;
  std::span<const uint32_t> page_rows;
  uint64_t offset = 0;
};
base::Result<WrittenChunk> WriteChunk(const ColumnChunk& chunk, const ChunkPlace& place,
                                      const WriterOptions& options, ByteSink& sink);

}  // namespace clew::parquet
