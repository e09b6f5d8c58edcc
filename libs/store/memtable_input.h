// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/block_input.h"
#include "store/coded_column.h"
#include "store/memtable.h"
#include "store/memtable_others.h"
#include "store/memtable_rows.h"

namespace clew::store {

// A sealed memtable in the order of a block. Strings stay codes on their way to the
// file: none is hashed again.
class MemtableInput final : public BlockInput {
 public:
  // All published rows of `memtable`, which is no longer written to and outlives this.
  explicit MemtableInput(const Memtable& memtable);

  std::span<const Fragment> fragments() const override { return order_.fragments; }
  std::vector<AttributeCount> attributes() const override;
  void SetColumns(const std::vector<BlockColumn>& columns) override;
  base::Result<parquet::ColumnChunk> Read(const BlockColumn& column, RowRange rows) override;
  base::Result<Others> ReadOthers(RowRange rows) override;

 private:
  // A column of the memtable.
  struct Place {
    AttributeScope scope{};
    size_t column = 0;
  };
  void TakeInHand(RowRange rows);
  const AttributeColumn& ColumnAt(Place place) const {
    return AttributesOf(memtable_, place.scope).column(place.column);
  }
  uint64_t SpansWith(AttributeScope scope, uint32_t owner) const;
  std::optional<ColumnType> TypeOf(model::ValueView::Type type, uint64_t value) const;
  std::optional<ColumnType> ArrayTypeOfCode(uint32_t code) const;
  void CountAttributes(Place place, std::vector<AttributeCount>& counts) const;

  parquet::ColumnChunk ReadIntrinsic(Intrinsic intrinsic);
  parquet::ColumnChunk ReadTraits(Intrinsic intrinsic);
  parquet::ColumnChunk ReadOrigin(Intrinsic intrinsic);
  parquet::ColumnChunk ReadElement(Intrinsic intrinsic);
  parquet::ColumnChunk ReadTraceIds() const;
  parquet::ColumnChunk ReadSpanIds() const;
  parquet::ColumnChunk ReadParentIds() const;
  parquet::ColumnChunk ReadParentRows() const;
  parquet::ColumnChunk ReadAttribute(const AttributeColumnKey& attribute);
  parquet::ColumnChunk ReadOriginAttribute(Place place, ColumnType type) const;
  parquet::ColumnChunk ReadTexts(Place place);
  parquet::ColumnChunk ReadNumbers(Place place, ColumnType type) const;
  parquet::ColumnChunk ReadArrays(std::span<const uint32_t> codes, ColumnType type) const;

  // A column of dictionary codes that follow from the group of a row, null where empty;
  // and one of numbers.
  template <typename CodeOf>
  parquet::ColumnChunk GroupedTexts(const Groups& groups, CodeOf code_of) const;
  template <typename Number, typename NumberOf>
  parquet::ColumnChunk GroupedNumbers(const Groups& groups, NumberOf number_of) const;
  parquet::ByteArrays TextsOf(std::span<const uint32_t> codes) const;

  const Memtable& memtable_;
  BlockOrder order_;
  std::map<AttributeColumnKey, Place> places_;  // of all attributes that could have columns
  std::optional<MemtableOthers> others_;        // once it is known which columns there are
  std::vector<uint64_t> spans_of_resource_, spans_of_scope_;
  mutable std::vector<uint8_t> array_types_;  // by code: 0 not looked at, 1 none, else type + 2
  CodedColumn coded_;
  MemtableRows rows_;
  RowRange range_{};
};

}  // namespace clew::store
