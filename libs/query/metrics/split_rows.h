// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "query/row_set.h"

namespace clew::query {

// Rows of a row group by the interval that their spans start in, and by whether they are selected.
struct SplitRows {
  static constexpr uint8_t kNone = std::numeric_limits<uint8_t>::max();

  struct Part {
    uint32_t interval = 0;
    bool selected = false;
    RowSet rows;
  };
  std::vector<Part> parts{};
  std::vector<uint8_t> part_of{};  // by row; kNone: it counts on neither side
};

}  // namespace clew::query
