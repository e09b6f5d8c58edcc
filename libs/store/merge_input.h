// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "store/block.h"
#include "store/block_input.h"
#include "store/block_pages.h"
#include "store/joined_column.h"

namespace clew::store {

// Which traces a merge keeps.
using TraceFilter = std::function<bool(const model::TraceId&)>;

// Several blocks of a tenant as one: every span that is in them, traces that are in
// several joined into one run in the order of a block. Of traces that are filtered out
// nothing comes along, also no column that only they had. Memory: the list of all traces,
// and of one row group one column.
class MergeInput final : public BlockInput {
 public:
  // `blocks` outlive it. kCorruption names the one that cannot be read; kCancelled once
  // `stopped` is asked for. Without a filter all traces are kept.
  static base::Result<std::unique_ptr<MergeInput>> Open(
      const std::vector<std::shared_ptr<const Block>>& blocks, std::stop_token stopped = {},
      const TraceFilter& keeps = {});

  std::span<const Fragment> fragments() const override { return fragments_; }
  std::vector<AttributeCount> attributes() const override;
  void SetColumns(const std::vector<BlockColumn>& columns) override;
  base::Result<parquet::ColumnChunk> Read(const BlockColumn& column, RowRange rows) override;
  base::Result<Others> ReadOthers(RowRange rows) override;

 private:
  // The part of a trace that one block has.
  struct Part {
    model::TraceId trace_id;
    int64_t start_unix_nano = 0;
    uint32_t block = 0;
    uint32_t rows = 0;
    uint64_t first_row = 0;
  };
  // A row of the result: where it is, and its place in its trace when that is new.
  struct Row {
    uint32_t block = 0;
    uint64_t row = 0;
    bool joined = false;  // its trace is in several blocks
    OrderedRow place{};
    model::SpanId parent{};  // that the span names; of joined traces
    model::SpanId told{};    // the id of the span in parent_row
  };

  explicit MergeInput(std::stop_token stopped) : stopped_(std::move(stopped)) {}
  base::Status LeaveOut(uint32_t block, std::span<const Fragment> fragments);
  void Join(std::vector<Part> parts);
  base::Status TakeInHand(RowRange rows);
  void NumberPages();
  base::Status AppendTrace(size_t fragment);
  base::Status AppendJoined(std::span<const Part> parts);

  base::Result<BlockPages::Cell> Cell(const Row& row, size_t column) {
    return pages_[row.block].At(column, row.row);
  }
  // Columns that say where a span is in its trace: new for joined traces.
  base::Result<parquet::ColumnChunk> ReadParentIds();
  base::Result<std::optional<int32_t>> PlaceOf(const Row& row, Intrinsic intrinsic);
  base::Result<parquet::ColumnChunk> ReadPlaces(Intrinsic intrinsic);
  base::Result<parquet::ColumnChunk> ReadColumn(const BlockColumn& column);
  base::Result<parquet::ColumnChunk> JoinLists(const BlockColumn& column,
                                               std::span<const ColumnCells* const> pages,
                                               parquet::Type type);
  base::Status AppendLevels(const BlockColumn& column, const Row& row, const BlockPages::Cell& cell,
                            parquet::Levels& levels);

  // An entry of `others`.
  struct Other {
    std::string key, json;
    auto operator<=>(const Other&) const = default;
  };
  base::Status AppendOthers(const Row& row, std::vector<Other>& others);
  base::Status AppendDropped(const Row& row, size_t column, std::vector<Other>& others);

  const std::stop_token stopped_;
  std::vector<BlockPages> pages_;                    // by block
  std::map<AttributeColumnKey, uint64_t> left_out_;  // values of traces that are filtered out
  std::vector<std::vector<size_t>> dropped_;         // by block: attributes that lose their column
  std::vector<Part> parts_;                          // by trace, in the order of the fragments
  std::vector<size_t> first_part_;                   // of each fragment, and the end
  std::vector<Fragment> fragments_;
  RowRange range_{};
  std::vector<Row> rows_;  // in hand
  // The pages that they are in, and where in them.
  struct PageInHand {
    uint32_t block = 0;
    size_t page = 0;
  };
  std::vector<PageInHand> pages_in_hand_;
  std::vector<PagedRow> paged_rows_;
  size_t next_fragment_ = 0;  // whose rows are not in hand yet
  std::vector<Row> ahead_;    // of a trace that goes on in the next range
};

}  // namespace clew::store
