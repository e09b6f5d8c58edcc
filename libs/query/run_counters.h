// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace clew::query {

// What a run looked at, what it could pass over, and what it read for that. Of several runs
// together it is the sum.
struct RunCounters {
  uint64_t memtables = 0;       // looked at
  uint64_t blocks = 0;          // likewise; a search ends once it has the newest traces it wants
  uint64_t blocks_outside = 0;  // passed over, because none of their spans starts in the range
  // Of the blocks looked at.
  uint64_t row_groups = 0;          // some of whose spans start in the range
  uint64_t row_groups_outside = 0;  // passed over, because none does
  uint64_t row_groups_without = 0;  // of `row_groups`: no row there meets the condition
  uint64_t rows = 0;                // of memtables and row groups that were asked for it
  uint64_t bytes = 0;               // of column chunks as they are stored, in the cache or not
  uint64_t traces = 0;              // looked at as a whole
  uint64_t assembled_traces = 0;    // of these: brought together, not whole in one row group

  RunCounters& operator+=(const RunCounters& other) {
    memtables += other.memtables;
    blocks += other.blocks;
    blocks_outside += other.blocks_outside;
    row_groups += other.row_groups;
    row_groups_outside += other.row_groups_outside;
    row_groups_without += other.row_groups_without;
    rows += other.rows;
    bytes += other.bytes;
    traces += other.traces;
    assembled_traces += other.assembled_traces;
    return *this;
  }
};

}  // namespace clew::query
