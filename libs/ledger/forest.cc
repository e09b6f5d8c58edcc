// SPDX-License-Identifier: Apache-2.0
#include "ledger/forest.h"

#include <numeric>
#include <tuple>

namespace clew::ledger {
namespace {

// Deals the nodes to their parents, in the order of their indices.
void DealChildren(Forest& forest) {
  const size_t count = forest.parents.size();
  forest.child_begins.assign(count + 1, 0);
  for (const uint32_t parent : forest.parents) {
    if (parent != kNone) ++forest.child_begins[parent + 1];
  }
  std::partial_sum(forest.child_begins.begin(), forest.child_begins.end(),
                   forest.child_begins.begin());
  forest.child_ends.assign(forest.child_begins.begin(), forest.child_begins.end() - 1);
  forest.children.resize(forest.child_begins.back());
  for (uint32_t node = 0; node < count; ++node) {
    const uint32_t parent = forest.parents[node];
    if (parent != kNone) forest.children[forest.child_ends[parent]++] = node;
  }
}

// What a child is ordered by.
struct Ranked {
  uint64_t end_ns;
  bool clipped;
  uint64_t start_ns;
  uint32_t node;
};

}  // namespace

void ClipTopDown(Forest& forest, std::span<const uint32_t> tops) {
  DealChildren(forest);
  forest.parts.assign(forest.times.size(), {});
  std::vector<uint32_t> pending(tops.begin(), tops.end());
  for (const uint32_t top : tops) forest.parts[top] = forest.times[top];
  while (!pending.empty()) {
    const uint32_t node = pending.back();
    pending.pop_back();
    for (const uint32_t child : forest.ChildrenOf(node)) {
      forest.parts[child] = forest.times[child].ClippedTo(forest.parts[node]);
      if (!forest.parts[child].empty()) pending.push_back(child);
    }
  }
}

void RankChildren(Forest& forest, uint32_t node) {
  if (forest.ChildrenOf(node).empty()) return;
  std::vector<Ranked> ranked;
  for (const uint32_t child : forest.ChildrenOf(node)) {
    const Interval& part = forest.parts[child];
    if (part.empty()) continue;
    const bool clipped = forest.times[child].end_ns > part.end_ns;
    ranked.push_back({part.end_ns, clipped, part.start_ns, child});
  }
  std::ranges::sort(ranked, [](const Ranked& left, const Ranked& right) {
    if (left.end_ns != right.end_ns) return left.end_ns > right.end_ns;
    return std::tie(left.clipped, left.start_ns, left.node) <
           std::tie(right.clipped, right.start_ns, right.node);
  });
  uint32_t place = forest.child_begins[node];
  for (const Ranked& child : ranked) forest.children[place++] = child.node;
  forest.child_ends[node] = place;
}

}  // namespace clew::ledger
