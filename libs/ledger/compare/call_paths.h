// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "ledger/compare/time_sketch.h"
#include "ledger/compare/trace_summary.h"
#include "ledger/ledger.h"
#include "ledger/trace.h"

namespace clew::ledger {

// The ledgers of many requests, merged by call path: spans whose operations and those of all above
// them are the same lie in one node. A node is there for spans that own time, and for those above
// them. Holds sums and no traces. A value; one thread at a time.
class CallPaths {
 public:
  static constexpr size_t kMaxNodes = 10'000;  // deeper calls then count as their caller's

  struct Node {
    uint32_t parent = kNone;  // in nodes(), of a smaller number
    Operation operation;
    uint64_t spans = 0;  // that own time
    TimeSketch own;      // a trace; those in which it has none are not counted
    uint64_t nanos = 0;  // its own time and that of all below it
    uint64_t own_nanos() const { return own.sum_nanos(); }
  };

  void Add(const Trace& trace, const TraceLedger& ledger);
  const std::vector<Node>& nodes() const { return nodes_; }
  // The nodes with those below each behind it, the ones of most time first: left heavy.
  std::vector<uint32_t> LeftHeavy() const;

 private:
  uint32_t NodeOf(uint32_t parent, const Operation& operation);
  // That of a span, by way of those above it.
  uint32_t Place(const Trace& trace, const std::vector<uint32_t>& parents, uint32_t span,
                 std::vector<uint32_t>& node_of);

  std::vector<Node> nodes_;
  std::map<std::pair<uint32_t, Operation>, uint32_t> known_;  // by parent and operation
};

}  // namespace clew::ledger
