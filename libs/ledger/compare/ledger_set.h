// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "ledger/compare/probability.h"
#include "ledger/compare/time_sketch.h"
#include "ledger/compare/trace_summary.h"

namespace clew::ledger {

// Sums of a part's time over traces, as it is and as its logarithm: the first says how much, the
// second is not carried away by one trace of a thousand.
struct Moments {
  double sum = 0, square_sum = 0;
  double log_sum = 0, log_square_sum = 0;

  void Add(double nanos);
  void Merge(const Moments& other);
};
// A part's time on the scale of Moments' logarithms: 0 of no time, and nearly even below 50 us,
// where nobody looks for reasons.
double LogOf(double nanos);

// What a set knows of the requests of one kind that began in one period. Parts that a trace has no
// time in are absent: they count as 0.
struct Cell {
  uint64_t traces = 0;
  std::map<Part, Moments> parts;

  void Merge(const Cell& other);
};

// How often something happened in the visits of one operation.
struct VisitCounts {
  uint64_t visits = 0;
  uint64_t failed = 0;
  std::map<Operation, uint64_t> with_step;
  std::map<Operation, uint64_t> last_call;
};

// The ledgers of many traces, added one at a time in any order. Holds sums and no traces: its size
// depends on how many kinds of requests, parts and rows there are. All of one comparison must use
// the same Names. A value; one thread at a time.
class LedgerSet {
 public:
  // Past these, requests and rows of further kinds are counted in one that has no name.
  static constexpr size_t kMaxKinds = 256;
  static constexpr size_t kMaxRows = 10'000;
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
  using Cells = std::map<uint64_t, std::map<RequestKind, Cell>>;
  const Cells& cells() const { return cells_; }
  uint32_t period_bits() const { return period_bits_; }
  // Makes periods longer. REQUIRES: period_bits() <= bits < 64
  void Widen(uint32_t bits);

  const std::map<Operation, VisitCounts>& visits() const { return visits_; }

 private:
  const RequestKind& KindFor(const RequestKind& kind);
  void AddVisits(const TraceSummary& trace);

  uint64_t traces_ = 0;
  uint64_t total_nanos_ = 0;
  TimeSketch totals_;
  std::map<Owner, TimeSketch> rows_;
  std::map<RequestKind, uint64_t> kinds_;  // traces of each
  Cells cells_;
  uint32_t period_bits_ = 30;  // a second
  std::map<Operation, VisitCounts> visits_;
};

}  // namespace clew::ledger
