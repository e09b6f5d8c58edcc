// SPDX-License-Identifier: Apache-2.0
#include "store/coded_rows.h"

#include <limits>
#include <utility>

namespace clew::store {
namespace {

template <typename Code>
std::vector<Code> CodesOf(const ColumnCells& cells, uint32_t absent) {
  std::vector<Code> codes(cells.row_count(), static_cast<Code>(absent));
  cells.ForEachCode([&](size_t row, uint32_t code) { codes[row] = static_cast<Code>(code); });
  return codes;
}

}  // namespace

std::optional<CodedRows> CodedRows::Of(const ColumnCells& cells) {
  if (!cells.has_codes() || !cells.is_flat()) return std::nullopt;
  ColumnCells values = cells.Dictionary();
  const uint32_t absent = values.row_count();
  if (absent <= std::numeric_limits<uint8_t>::max()) {
    return CodedRows(std::move(values), CodesOf<uint8_t>(cells, absent));
  }
  if (absent <= std::numeric_limits<uint16_t>::max()) {
    return CodedRows(std::move(values), CodesOf<uint16_t>(cells, absent));
  }
  return CodedRows(std::move(values), CodesOf<uint32_t>(cells, absent));
}

size_t CodedRows::size_bytes() const {
  return sizeof *this + Visit([](const auto& codes) { return codes.size() * sizeof codes[0]; });
}

}  // namespace clew::store
