// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <utility>
#include <vector>

#include "base/stable_sort.h"
#include "query/eval/value.h"
#include "traceql/ast.h"

namespace clew::query {

// Sorts as sort() does, by what `key` gives of each item, which is asked once. What has no
// value comes last, either way; equals stay as they are.
template <typename T, typename Key>
void SortBy(std::vector<T>& items, traceql::SortOrder order, const Key& key) {
  std::vector<std::pair<Value, T>> keyed;
  keyed.reserve(items.size());
  for (T& item : items) {
    Value value = key(item);
    keyed.emplace_back(std::move(value), std::move(item));
  }
  base::StableSort(keyed, [&](const auto& left, const auto& right) {
    if (left.first.is_nil() || right.first.is_nil()) {
      return !left.first.is_nil() && right.first.is_nil();
    }
    const std::weak_ordering compared = OrderOf(left.first, right.first);
    return order == traceql::SortOrder::kAscending ? compared < 0 : compared > 0;
  });
  for (size_t i = 0; i < items.size(); ++i) items[i] = std::move(keyed[i].second);
}

}  // namespace clew::query
