// SPDX-License-Identifier: Apache-2.0
// At each instant the time of a node belongs to that of its running children which finishes
// last, and if none runs to the node itself; so down to the node that has no running child.
//
// Walking backwards finds this without looking at instants: children are taken in the order of
// their ends, the last one first. Behind the cursor nothing is left to tell. A child that ends
// before the cursor leaves a gap, which is the node's own; one that ends behind it was cut short
// by a sibling that began meanwhile; one that starts at the cursor or later was never the last.
//
//   node    |=============================|      cursor comes from the right
//   B               |-------------|              B until its start,
//   A          |-------|                         then A, of which B cut off the end,
//   C      |-------|                             then C likewise; own time around them
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "ledger/forest.h"
#include "ledger/ledger.h"

namespace clew::ledger {

// A node on the way from the top to the owner of the cursor's instant.
struct WalkFrame {
  uint32_t node = kNone;
  uint64_t cursor = 0;             // what lies behind it is told
  uint32_t next_child = 0;         // in ChildrenOf(node)
  uint32_t chosen = kNone;         // the child that was taken last
  uint32_t parallel_with = kNone;  // of the node, or of what it is below of
  uint32_t limit = kNone;          // likewise
};

// Walks what is below one top.
class Walk {
 public:
  // Above this share of a node's time, 1 in so many parts, an overlap makes the order of two of
  // its children unclear.
  static constexpr uint64_t kClearParts = 100;

  // Both outlive it. Limits are appended; children are ranked where it comes by.
  Walk(Forest& forest, std::vector<Limit>& limits) : forest_(forest), limits_(limits) {}

  // Calls `own(frames, start_ns, end_ns, between)` for each stretch of a node's own time, the
  // last one first: of the node of the last frame. `between`: it has children on both sides.
  template <typename Own>
  void Run(uint32_t top, const Own& own) {
    const Interval part = forest_.parts[top];
    if (part.empty()) return;
    RankChildren(forest_, top);
    frames_.assign(1, {.node = top, .cursor = part.end_ns});
    while (!frames_.empty()) {
      WalkFrame& frame = frames_.back();
      const uint32_t child = NextChild(frame);
      const bool after = frame.chosen != kNone;
      if (child == kNone) {
        const uint64_t start = forest_.parts[frame.node].start_ns;
        if (start < frame.cursor) own(frames_, start, frame.cursor, false);
        frames_.pop_back();
        continue;
      }
      const Interval& below = forest_.parts[child];
      if (below.end_ns < frame.cursor) {
        own(frames_, below.end_ns, frame.cursor, after);
        frame.cursor = below.end_ns;
      }
      Enter(child);
    }
  }

 private:
  // The child that owns time before the cursor, and is not told yet; kNone: there is none.
  uint32_t NextChild(WalkFrame& frame) const {
    const std::span<const uint32_t> children = forest_.ChildrenOf(frame.node);
    while (frame.next_child < children.size() &&
           forest_.parts[children[frame.next_child]].start_ns >= frame.cursor) {
      ++frame.next_child;
    }
    return frame.next_child < children.size() ? children[frame.next_child++] : kNone;
  }

  // Gives the time from the child's start to the cursor to the child.
  void Enter(uint32_t child) {
    WalkFrame& frame = frames_.back();
    const Interval& part = forest_.parts[child];
    const uint64_t cursor = frame.cursor;
    WalkFrame below{.node = child,
                    .cursor = cursor,
                    .parallel_with = frame.parallel_with,
                    .limit = frame.limit};
    const uint64_t overlap = part.end_ns - cursor;
    if (overlap > forest_.parts[frame.node].nanos() / kClearParts) {
      below.parallel_with = frame.chosen;
    }
    const uint32_t rival = NextChild(frame);
    if (rival != kNone) {
      --frame.next_child;
      const uint64_t until = std::min(forest_.parts[rival].end_ns, cursor);
      if (until > part.start_ns) {
        below.limit = static_cast<uint32_t>(limits_.size());
        limits_.push_back({.outer = frame.limit, .rival = rival, .nanos = cursor - until});
      }
    }
    frame.chosen = child;
    frame.cursor = part.start_ns;
    RankChildren(forest_, child);
    frames_.push_back(below);
  }

  Forest& forest_;
  std::vector<Limit>& limits_;
  std::vector<WalkFrame> frames_;
};

}  // namespace clew::ledger
