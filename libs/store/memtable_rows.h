// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "parquet/values.h"
#include "store/block_order.h"
#include "store/column_names.h"
#include "store/grouped_column.h"
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
  // The spans themselves, in that order.
  std::span<const SpanRow> spans() const { return spans_; }
  // What the rows have alike.
  Groups resources() const { return {resources_, memtable_.resource_count()}; }
  Groups scopes() const { return {scopes_, memtable_.scope_count()}; }
  Groups traits() const { return {traits_, memtable_.traits_count()}; }
  const Elements& elements(AttributeScope scope) const {
    return scope == AttributeScope::kEvent ? events_ : links_;
  }

  // Values of an attribute column of spans, events or links by position: of the rows, or
  // of the elements. Of texts the codes, kNowhere where there is none.
  std::vector<uint32_t> GatherTexts(AttributeScope scope, const AttributeColumn& column) const;
  struct Numbers {
    std::vector<uint8_t> present;
    std::vector<uint64_t> values;  // anything where there is none
  };
  Numbers GatherNumbers(AttributeScope scope, const AttributeColumn& column) const;
  // The position of a span, event or link of the memtable, or kNowhere.
  uint32_t PlaceOf(AttributeScope scope, uint32_t owner) const {
    return PlacesOf(scope).places[owner];
  }

 private:
  // Where in the memtable each of the spans, events or links is.
  struct Places {
    std::vector<uint32_t> places;  // by index in the memtable: the position here, or kNowhere
    std::vector<uint64_t> taken;   // a bit for each that is here
    explicit Places(size_t count) : places(count, kNowhere), taken((count + 63) / 64) {}
    void Take(uint32_t index, uint32_t place) {
      places[index] = place;
      taken[index / 64] |= uint64_t{1} << (index % 64);
    }
    void Forget(uint32_t index) {
      places[index] = kNowhere;
      taken[index / 64] = 0;
    }
  };
  const Places& PlacesOf(AttributeScope scope) const;
  size_t CountOf(AttributeScope scope) const {
    return scope == AttributeScope::kSpan ? rows_.size() : elements(scope).indexes.size();
  }
  void Forget();
  static void List(uint32_t row, ElementRange range, Elements& elements, Places& places);

  const Memtable& memtable_;
  std::span<const OrderedRow> rows_;
  std::vector<SpanRow> spans_;
  std::vector<uint32_t> traits_, resources_, scopes_;  // their numbers, by row
  Elements events_, links_;
  Places row_places_, event_places_, link_places_;
};

// The attributes of the memtable that belong to a scope.
const AttributeColumns& AttributesOf(const Memtable& memtable, AttributeScope scope);

}  // namespace clew::store
