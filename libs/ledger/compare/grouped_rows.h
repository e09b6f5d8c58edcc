// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>

#include "ledger/compare/time_sketch.h"
#include "ledger/ledger.h"
#include "ledger/rows.h"
#include "ledger/trace.h"

namespace clew::ledger {

// The times of roots by owner under one grouping, of many traces. Holds sums and no traces. A
// value; one thread at a time.
class GroupedRows {
 public:
  static constexpr size_t kMaxRows = 10'000;  // further ones are counted in one that has no name

  explicit GroupedRows(GroupBy by) : by_(by) {}

  void Add(const Trace& trace, const TraceLedger& ledger);
  // Of each row its time a trace; a trace in which it has none is not counted.
  const std::map<Owner, TimeSketch>& rows() const { return rows_; }

 private:
  GroupBy by_;
  std::map<Owner, TimeSketch> rows_;
};

}  // namespace clew::ledger
