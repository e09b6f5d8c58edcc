// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace clew::base {

// Sorts by `less` and leaves equals in their order. The standard's own borrows its memory in
// a way that is deprecated, and clang says so.
template <typename T, typename Less>
void StableSort(std::vector<T>& items, const Less& less) {
  std::vector<size_t> order(items.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, [&](size_t left, size_t right) {
    if (less(items[left], items[right])) return true;
    return left < right && !less(items[right], items[left]);
  });
  std::vector<T> sorted;
  sorted.reserve(items.size());
  for (const size_t index : order) sorted.push_back(std::move(items[index]));
  items = std::move(sorted);
}

}  // namespace clew::base
