// SPDX-License-Identifier: Apache-2.0
#include "yaml/nearest_word.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace clew::yaml {

size_t LettersBetween(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::optional<std::string_view> NearestWord(std::string_view word,
                                            std::span<const std::string_view> known) {
  const auto distance = [&](std::string_view name) { return LettersBetween(word, name); };
  const auto nearest = std::ranges::min_element(known, {}, distance);
  if (nearest == known.end() || distance(*nearest) > std::max<size_t>(1, word.size() / 3)) {
    return std::nullopt;
  }
  return *nearest;
}

}  // namespace clew::yaml
