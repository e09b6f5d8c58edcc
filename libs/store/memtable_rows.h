// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "parquet/values.h"
#include "store/block_order.h"
#include "store/column_names.h"
#include "store/memtable.h"

namespace clew::store {

// Some rows of a memtable in the order of a block, with their events and links: what
// one row group is made of. Tells where each of them went. One thread.
class MemtableRows {
 public:
  static constexpr uint32_t kNowhere = UINT32_MAX;

  // Events or links of the rows: which they are, in order, and the levels of a LIST
  // of required elements (definition 2), with an entry for each row that has none.
  struct Elements {
    std::vector<uint32_t> indexes;
    std::vector<uint32_t> rows, ordinals;  // of each: its row, and which one of that row it is
    parquet::Levels levels;
  };

  // `memtable` outlives it.
  explicit MemtableRows(const Memtable& memtable);

  // Forgets what it had; `rows` outlive their use.
  void Take(std::span<const OrderedRow> rows);

  size_t size() const { return rows_.size(); }
  std::span<const OrderedRow> rows() const { return rows_; }
  const Elements& elements(AttributeScope scope) const {
    return scope == AttributeScope::kEvent ? events_ : links_;
  }

  // Values of an attribute column by position: of the rows, or for events and links of
  // the elements.
  struct Column {
    std::vector<uint8_t> present;
    std::vector<uint64_t> values;  // anything where there is none
  };
  Column Gather(AttributeScope scope, const AttributeColumn& column) const;
  // The position of a span, event or link of the memtable, or kNowhere.
  uint32_t PlaceOf(AttributeScope scope, uint32_t owner) const { return PlacesOf(scope)[owner]; }

 private:
  const std::vector<uint32_t>& PlacesOf(AttributeScope scope) const;
  void Forget();
  static void List(uint32_t row, ElementRange range, Elements& elements,
                   std::vector<uint32_t>& places);
  Column GatherOfOrigins(AttributeScope scope, const AttributeColumn& column) const;

  const Memtable& memtable_;
  std::span<const OrderedRow> rows_;
  Elements events_, links_;
  // By index in the memtable: the position here, or kNowhere.
  std::vector<uint32_t> row_places_, event_places_, link_places_;
};

// The attributes of the memtable that belong to a scope.
const AttributeColumns& AttributesOf(const Memtable& memtable, AttributeScope scope);

}  // namespace clew::store
