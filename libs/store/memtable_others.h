// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <variant>
#include <vector>

#include "store/block_input.h"
#include "store/memtable.h"
#include "store/memtable_rows.h"

namespace clew::store {

// The attributes of a memtable that have no column in a block: entries of its MAP
// `others`. The key says what the attribute is of, span.<key>, resource.<key>,
// scope.<key>, event[0].<key>, link[0].<key>; the value is OTLP's JSON of it.
class MemtableOthers {
 public:
  // What of a memtable's column the columns of the block have: all of it, nothing, or what
  // it says of each value.
  using Covered = std::variant<bool, std::function<bool(uint64_t value)>>;
  using CoveredOf = std::function<Covered(AttributeScope, const AttributeColumn&)>;

  // `memtable` is no longer written to and outlives this.
  MemtableOthers(const Memtable& memtable, const CoveredOf& covered_of);

  // Those of the rows, in order; of a row, by key.
  BlockInput::Others Of(const MemtableRows& rows) const;

 private:
  struct Attribute {
    uint32_t owner = 0;
    InternedAttribute interned;
    auto operator<=>(const Attribute&) const = default;
  };
  class Entries;

  std::vector<Attribute>& ListOf(AttributeScope scope) {
    return lists_[static_cast<size_t>(scope)];
  }
  const std::vector<Attribute>& ListOf(AttributeScope scope) const {
    return lists_[static_cast<size_t>(scope)];
  }
  void AddColumn(const AttributeColumn& column, const Covered& covered,
                 std::vector<Attribute>& list);
  void AddOfOrigins(AttributeScope scope, const MemtableRows& rows, Entries& entries) const;
  void AddOfRows(AttributeScope scope, const MemtableRows& rows, Entries& entries) const;

  const Memtable& memtable_;
  std::vector<Attribute> lists_[5];  // by scope; by owner
};

}  // namespace clew::store
