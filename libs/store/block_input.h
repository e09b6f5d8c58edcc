// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "parquet/file_writer.h"
#include "store/block_order.h"
#include "store/block_schema.h"
#include "store/column_names.h"

namespace clew::store {

// Rows [first, first + count) of a block.
struct RowRange {
  uint64_t first = 0;
  uint32_t count = 0;
  uint64_t end() const { return first + count; }
  bool operator==(const RowRange&) const = default;
};

// How many spans (events, links) have an attribute.
struct AttributeCount {
  AttributeColumnKey attribute;
  uint64_t count = 0;
};

// What a block is written from: spans in the order of the block, handed out column
// by column. One thread.
class BlockInput {
 public:
  virtual ~BlockInput() = default;

  // The traces, in the order of the block; row numbers are those of the block.
  virtual std::span<const Fragment> fragments() const = 0;
  // Every attribute that could have a column, in the order in which they may claim
  // their names.
  virtual std::vector<AttributeCount> attributes() const = 0;
  // The columns that the block has; attributes that have none go to `others`. Called
  // once, before Read. `columns` outlives the input.
  virtual void SetColumns(const std::vector<BlockColumn>& columns) = 0;
  // One column chunk. Ranges come in ascending order, each for all columns.
  virtual base::Result<parquet::ColumnChunk> Read(const BlockColumn& column, RowRange rows) = 0;
  // The two columns of `others`, which break alike.
  struct Others {
    parquet::ColumnChunk keys, values;
  };
  virtual base::Result<Others> ReadOthers(RowRange rows) = 0;
};

}  // namespace clew::store
