// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/ledger_set.h"

#include <cmath>

#include "base/check.h"

namespace clew::ledger {
namespace {

constexpr double kLogFloorNanos = 50'000;

}  // namespace

double LogOf(double nanos) {
  return std::log1p(nanos / kLogFloorNanos);
}

void Moments::Add(double value) {
  const double log = LogOf(value);
  sum += value;
  square_sum += value * value;
  log_sum += log;
  log_square_sum += log * log;
}

void Moments::Merge(const Moments& other) {
  sum += other.sum;
  square_sum += other.square_sum;
  log_sum += other.log_sum;
  log_square_sum += other.log_square_sum;
}

void LedgerSet::Add(const TraceSummary& trace) {
  ++traces_;
  total_nanos_ += trace.nanos;
  totals_.Add(trace.nanos);

  std::map<Part, uint64_t> parts;
  for (const auto& [owner, nanos] : trace.rows) {
    const bool full = rows_.size() >= kMaxRows && !rows_.contains(owner);
    rows_[full ? Owner{} : owner].Add(nanos);
    parts[PartOf(full ? Owner{} : owner)] += nanos;
  }
  const uint64_t period = trace.started_ns >> period_bits_;
  const RequestKind& kind = KindFor(trace.kind);
  Cell<Part>& cell = cells_[period][kind];
  ++cell.count;
  for (const auto& [part, nanos] : parts) cell.sums[part].Add(static_cast<double>(nanos));
  AddVisits(trace, kind, period);
  while (cells_.size() > kMaxPeriods) Widen(period_bits_ + 1);
}

const RequestKind& LedgerSet::KindFor(const RequestKind& kind) {
  static const RequestKind others;
  const bool full = kinds_.size() >= kMaxKinds && !kinds_.contains(kind);
  const auto [known, _] = kinds_.try_emplace(full ? others : kind);
  ++known->second;
  return known->first;
}

void LedgerSet::AddVisits(const TraceSummary& trace, const RequestKind& kind, uint64_t period) {
  for (const Visit& visit : trace.visits) {
    if (visits_.size() >= kMaxRows && !visits_.contains(visit.entry)) continue;
    const RequestKind own = visit.entry == kind.root ? RequestKind{.root = kind.root} : kind;
    Cell<Step>& cell = visits_[visit.entry][period][own];
    ++cell.count;
    const auto note = [&](const Step& step) {
      if (cell.sums.size() < kMaxSteps || cell.sums.contains(step)) cell.sums[step].Add(1);
    };
    for (const Operation& step : visit.steps) note({.operation = step});
    if (visit.last_call != Operation{}) {
      note({.what = Step::What::kLastCall, .operation = visit.last_call});
    }
    if (visit.failed) note({.what = Step::What::kFailed, .operation = {}});
  }
}

void LedgerSet::Widen(uint32_t bits) {
  CHECK(period_bits_ <= bits && bits < 64);
  const uint32_t doublings = bits - period_bits_;
  ledger::Widen(cells_, doublings);
  for (auto& [entry, cells] : visits_) ledger::Widen(cells, doublings);
  period_bits_ = bits;
}

}  // namespace clew::ledger
