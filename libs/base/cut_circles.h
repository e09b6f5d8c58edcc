// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace clew::base {

// Of nodes that name their parents by index: where following parents leads back, takes the parent
// from the first of the circle, as `is_before(left, right)` has it. `kNone` is no parent. Takes
// O(n).
template <uint32_t kNone, typename Less>
void CutCircles(std::vector<uint32_t>& parents, const Less& is_before) {
  std::vector<uint32_t> walks(parents.size(), kNone);
  for (uint32_t walk = 0; walk < parents.size(); ++walk) {
    uint32_t node = walk;
    while (node != kNone && walks[node] == kNone) {
      walks[node] = walk;
      node = parents[node];
    }
    if (node == kNone || walks[node] != walk) continue;  // a root, or what is known already
    uint32_t first = node;
    for (uint32_t at = parents[node]; at != node; at = parents[at]) {
      if (is_before(at, first)) first = at;
    }
    parents[first] = kNone;
  }
}

}  // namespace clew::base
