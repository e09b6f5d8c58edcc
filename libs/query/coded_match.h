// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "query/row_set.h"
#include "store/coded_rows.h"

namespace clew::query {

// Adds the items [0, count) for which `holds(item)`.
template <typename Holds>
void AddWhere(size_t count, RowSet& rows, const Holds& holds) {
  for (size_t at = 0; at * 64 < count; ++at) {
    const size_t first = at * 64;
    const size_t end = std::min(first + 64, count);
    uint64_t bits = 0;
    for (size_t row = first; row < end; ++row) bits |= uint64_t{holds(row)} << (row - first);
    rows.words()[at] |= bits;
  }
}

// Adds the rows whose code has a 1 in `passing`, by code.
inline void AddCoded(const store::CodedRows& coded, const std::vector<uint8_t>& passing,
                     RowSet& rows) {
  const auto passes = std::ranges::count(passing, 1);
  if (passes == 0) return;
  coded.Visit([&](const auto& codes) {
    using Code = std::remove_cvref_t<decltype(codes)>::value_type;
    if (passes == 1) {
      const auto only = static_cast<Code>(std::ranges::find(passing, 1) - passing.begin());
      AddWhere(codes.size(), rows, [&](size_t row) { return codes[row] == only; });
    } else {
      AddWhere(codes.size(), rows, [&](size_t row) { return passing[codes[row]] != 0; });
    }
  });
}

}  // namespace clew::query
