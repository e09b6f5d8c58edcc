// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "ledger/compare/cells.h"
#include "ledger/compare/time_sketch.h"
#include "ledger/compare/trace_summary.h"

namespace clew::ledger {

// Something that may happen in a visit: that a step is taken, that a call is the last one, or that
// an error begins, which is of no operation.
struct Step {
  enum class What : uint8_t { kTaken, kLastCall, kFailed };

  What what = What::kTaken;
  Operation operation{};
  auto operator<=>(const Step&) const = default;
};

// The ledgers of many traces, added one at a time in any order. Holds sums and no traces: its size
// depends on how many kinds of requests, parts and rows there are. All of one comparison must use
// the same Names. A value; one thread at a time.
class LedgerSet {
 public:
  // Past these, requests and rows of further kinds are counted in one that has no name.
  static constexpr size_t kMaxKinds = 256;
  static constexpr size_t kMaxRows = 10'000;
  static constexpr size_t kMaxSteps = 1'000;  // of an operation
  // Periods get twice as long where there would be more.
  static constexpr size_t kMaxPeriods = 64;

  void Add(const TraceSummary& trace);

  uint64_t traces() const { return traces_; }
  uint64_t total_nanos() const { return total_nanos_; }  // of all roots, and of all rows
  // Of each row its time a trace; traces() less than its count are those it is absent in.
  const std::map<Owner, TimeSketch>& rows() const { return rows_; }
  // The times of whole traces.
  const TimeSketch& totals() const { return totals_; }

  // By period, which is 2^period_bits() ns long, and kind.
  const Cells<Part>& cells() const { return cells_; }
  // Of each operation that requests come in by, how often something happened in its visits: 1 in a
  // visit where it did. Visits of the root are told apart by the operation alone, as what it calls
  // makes the kind.
  const std::map<Operation, Cells<Step>>& visits() const { return visits_; }
  uint32_t period_bits() const { return period_bits_; }
  // Makes periods longer. REQUIRES: period_bits() <= bits < 64
  void Widen(uint32_t bits);

 private:
  const RequestKind& KindFor(const RequestKind& kind);
  void AddVisits(const TraceSummary& trace, const RequestKind& kind, uint64_t period);

  uint64_t traces_ = 0;
  uint64_t total_nanos_ = 0;
  TimeSketch totals_;
  std::map<Owner, TimeSketch> rows_;
  std::map<RequestKind, uint64_t> kinds_;  // traces of each
  Cells<Part> cells_;
  uint32_t period_bits_ = 30;  // a second
  std::map<Operation, Cells<Step>> visits_;
};

}  // namespace clew::ledger
