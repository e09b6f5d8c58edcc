// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "derive/usual_times.h"
#include "derive/usual_times_builder.h"
#include "ledger/compare/trace_summary.h"
#include "ledger/names.h"
#include "ledger/peer_name.h"
#include "ledger/trace.h"
#include "parquet/file_writer.h"
#include "store/block_input.h"
#include "store/block_schema.h"
#include "store/chunk_rows.h"

namespace clew::store {

// Adds up what is usual in the traces of a block while its columns pass by. Shows it every column
// of a row group, then EndRowGroup. A trace counts with what of it is in the block, and only if
// its root is. Memory: what the ledger asks of the spans of a row group, and the sums.
class UsualTimesCollector {
 public:
  // `fragments` outlive it.
  explicit UsualTimesCollector(std::span<const Fragment> fragments) : fragments_(fragments) {}

  // Keeps what it needs of the column.
  void Add(const BlockColumn& column, const parquet::ColumnChunk& chunk, RowRange rows);
  void EndRowGroup(RowRange rows);
  // After the last row group.
  derive::UsualTimes Take();

 private:
  // Texts of a column that few rows are asked for: they get their codes when they are.
  struct Texts {
    static constexpr uint32_t kNotAsked = UINT32_MAX;
    ChunkStrings strings{};
    std::vector<uint32_t> codes{};  // by place; kNotAsked
    std::vector<bool> is_poor{};    // by place, of those with a code

    uint32_t PlaceOf(uint32_t row, ledger::Names& names);
  };
  // Of the row group in hand, by row.
  struct Rows {
    std::vector<int64_t> starts, durations, kinds;
    std::vector<uint32_t> names, services;  // codes
    std::vector<uint32_t> parent_rows;      // in the trace; ledger::kNone: none
    ChunkStrings span_ids, parent_ids;
    Texts peers[ledger::kPeerKeys.size()];  // empty: nobody has that key
    // Of links: the spans that are linked to, and the rows with one that says follows_from.
    std::vector<std::pair<uint32_t, model::SpanId>> linked;
    std::vector<uint32_t> following;
  };
  class TraceRows;

  std::vector<uint32_t> CodesOf(const parquet::ColumnChunk& chunk, uint32_t rows);
  void AddIntrinsic(Intrinsic intrinsic, const parquet::ColumnChunk& chunk, RowRange rows);
  void AddAttribute(const AttributeColumnKey& key, const parquet::ColumnChunk& chunk,
                    RowRange rows);
  uint32_t RootRow(uint32_t first, uint32_t count) const;
  bool IsKept(uint32_t root_row);
  void AddTrace(uint32_t first, uint32_t count);
  void MoveTimes();

  std::span<const Fragment> fragments_;
  size_t next_ = 0;  // of them
  // Of the row groups since times were moved: mostly the same ones come again.
  std::unique_ptr<ledger::Names> names_ = std::make_unique<ledger::Names>();
  size_t name_bytes_ = 0;  // of texts that may be among them; one counts in each row group
  Rows rows_;
  std::map<ledger::Operation, bool> kept_roots_;  // those that are not over the limit
  ledger::Trace trace_;                           // in hand
  derive::UsualTimesBuilder builder_;
  derive::UsualTimes times_;
};

}  // namespace clew::store
