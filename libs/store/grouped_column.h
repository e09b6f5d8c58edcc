// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "parquet/values.h"

namespace clew::store {

// Rows that have something alike, such as their resource: the number of each row's group,
// below `count`.
struct Groups {
  std::span<const uint32_t> of_rows;
  size_t count = 0;
};

// A column that has one value for each group: its codes, and the values that they are of.
template <typename Value>
struct GroupedColumn {
  std::vector<uint8_t> definition;  // by row: 1 where there is a value
  std::vector<uint32_t> codes;      // of the values that there are
  std::vector<Value> distinct;      // by code, in the order in which they first come
};

// `value_of(group)` gives an optional value and is asked once for a group that has rows.
template <typename Value, typename ValueOf>
GroupedColumn<Value> GroupColumn(const Groups& groups, ValueOf value_of) {
  constexpr uint32_t kUnseen = UINT32_MAX;
  constexpr uint32_t kAbsent = UINT32_MAX - 1;
  std::vector<uint32_t> codes_of_groups(groups.count, kUnseen);
  std::unordered_map<Value, uint32_t> codes_of_values;
  GroupedColumn<Value> column;
  const auto code_of = [&](uint32_t group) {
    const std::optional<Value> value = value_of(group);
    if (!value) return kAbsent;
    const auto [place, added] =
        codes_of_values.try_emplace(*value, static_cast<uint32_t>(column.distinct.size()));
    if (added) column.distinct.push_back(*value);
    return place->second;
  };
  column.definition.resize(groups.of_rows.size());
  column.codes.resize(groups.of_rows.size());
  size_t values = 0;
  for (size_t row = 0; row < groups.of_rows.size(); ++row) {
    uint32_t& known = codes_of_groups[groups.of_rows[row]];
    if (known == kUnseen) known = code_of(groups.of_rows[row]);
    // Without a branch: what is absent is written over by the next.
    column.codes[values] = known;
    column.definition[row] = known != kAbsent;
    values += column.definition[row];
  }
  column.codes.resize(values);
  return column;
}

}  // namespace clew::store
