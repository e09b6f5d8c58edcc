// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "ledger/trace.h"

namespace clew::ledger {

// [start_ns, end_ns)
struct Interval {
  uint64_t start_ns = 0, end_ns = 0;

  bool empty() const { return end_ns <= start_ns; }
  uint64_t nanos() const { return empty() ? 0 : end_ns - start_ns; }
  bool Contains(const Interval& other) const {
    return start_ns <= other.start_ns && other.end_ns <= end_ns;
  }
  Interval ClippedTo(const Interval& outer) const {
    return {std::max(start_ns, outer.start_ns), std::min(end_ns, outer.end_ns)};
  }
};

// Who waits for whom. The nodes are the spans of a trace and, after them, parents that were not
// received.
struct Forest {
  std::vector<Interval> times;    // of the nodes themselves
  std::vector<uint32_t> parents;  // the node that waits for it; kNone: nobody does
  std::vector<Interval> parts;    // what of their times lies in all that they are below of

  // Of a node the children that it waits for.
  std::span<const uint32_t> ChildrenOf(uint32_t node) const {
    return std::span(children).subspan(child_begins[node], child_ends[node] - child_begins[node]);
  }

  std::vector<uint32_t> children, child_begins, child_ends;
};

// Computes parts and children of the nodes below `tops`, whose parts are their times; all other
// parts are empty. REQUIRES: parents have no circle
void ClipTopDown(Forest& forest, std::span<const uint32_t> tops);

// Leaves of a node's children those that have a part, the one that finishes last first; of equal
// ends those that were not clipped, then the earlier start, then the lower index.
void RankChildren(Forest& forest, uint32_t node);

}  // namespace clew::ledger
