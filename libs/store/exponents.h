// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "store/column_cells.h"

namespace clew::store {

// The e for which a number lies in (2^(e-1), 2^e]; 0 below 2.
inline uint8_t ExponentOf(int64_t number) {
  if (number < 2) return 0;
  return static_cast<uint8_t>(std::bit_width(static_cast<uint64_t>(number) - 1));
}

// Those of a flat column of INT64, by row; 0 where it has no value. Whoever counts by powers of
// two asks no more of the numbers, and these take an eighth of the memory.
using Exponents = std::vector<uint8_t>;
Exponents ExponentsOf(const ColumnCells& cells);

}  // namespace clew::store
