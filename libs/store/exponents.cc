// SPDX-License-Identifier: Apache-2.0
#include "store/exponents.h"

#include <algorithm>
#include <variant>

namespace clew::store {

Exponents ExponentsOf(const ColumnCells& cells) {
  const auto& numbers = std::get<std::vector<int64_t>>(cells.values());
  Exponents of_numbers(numbers.size());
  std::ranges::transform(numbers, of_numbers.begin(), ExponentOf);
  const bool one_by_one = !cells.has_codes() && numbers.size() == cells.row_count();
  if (one_by_one) return of_numbers;
  Exponents exponents(cells.row_count());
  cells.ForEachPlace([&](size_t row, uint32_t place) { exponents[row] = of_numbers[place]; });
  return exponents;
}

}  // namespace clew::store
