// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "parquet/file_writer.h"
#include "store/block_input.h"
#include "store/block_schema.h"
#include "store/chunk_rows.h"
#include "store/traces_table.h"

namespace clew::store {

// Sums up the traces of a block while its columns pass by. Shows it every column of
// a row group, then EndRowGroup.
class TracesBuilder {
 public:
  explicit TracesBuilder(std::span<const Fragment> fragments) : fragments_(fragments) {}

  // Keeps what it needs of the column.
  void Add(const BlockColumn& column, const parquet::ColumnChunk& chunk, RowRange rows);
  void EndRowGroup(RowRange rows);
  // All traces, in the order of the block; after the last row group.
  std::vector<TraceRow> Take() { return std::move(traces_); }

 private:
  void AddSpan(size_t row, TraceRow& trace);
  void Finish(TraceRow& trace);

  std::span<const Fragment> fragments_;
  std::vector<TraceRow> traces_;
  std::map<std::string, ServiceCount, std::less<>> services_;  // of the trace in hand

  // Of the row group in hand, by row.
  std::vector<int64_t> starts_, durations_, statuses_;
  std::vector<uint8_t> has_parent_row_;
  ChunkStrings span_ids_, parent_ids_, names_, services_of_rows_;
};

}  // namespace clew::store
