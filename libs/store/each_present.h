// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace clew::store {

// Calls `visit(i)` for each i that has a 1 among zeros: eight are passed at a glance, for most
// columns are of few rows.
void ForEachPresent(std::span<const uint8_t> present, auto visit) {
  size_t i = 0;
  for (; present.size() - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
    uint64_t eight;
    std::memcpy(&eight, &present[i], sizeof eight);
    for (; eight != 0; eight &= eight - 1) {
      visit(i + static_cast<size_t>(std::countr_zero(eight)) / 8);
    }
  }
  for (; i < present.size(); ++i) {
    if (present[i] != 0) visit(i);
  }
}

}  // namespace clew::store
