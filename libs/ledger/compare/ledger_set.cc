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

void Moments::Add(double nanos) {
  const double log = LogOf(nanos);
  sum += nanos;
  square_sum += nanos * nanos;
  log_sum += log;
  log_square_sum += log * log;
}

void Moments::Merge(const Moments& other) {
  sum += other.sum;
  square_sum += other.square_sum;
  log_sum += other.log_sum;
  log_square_sum += other.log_square_sum;
}

void Cell::Merge(const Cell& other) {
  traces += other.traces;
  for (const auto& [part, moments] : other.parts) parts[part].Merge(moments);
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
  Cell& cell = cells_[period][KindFor(trace.kind)];
  ++cell.traces;
  for (const auto& [part, nanos] : parts) cell.parts[part].Add(static_cast<double>(nanos));
  while (cells_.size() > kMaxPeriods) Widen(period_bits_ + 1);
  AddVisits(trace);
}

const RequestKind& LedgerSet::KindFor(const RequestKind& kind) {
  static const RequestKind kOthers;
  const bool full = kinds_.size() >= kMaxKinds && !kinds_.contains(kind);
  const auto [known, _] = kinds_.try_emplace(full ? kOthers : kind);
  ++known->second;
  return known->first;
}

void LedgerSet::AddVisits(const TraceSummary& trace) {
  for (const Visit& visit : trace.visits) {
    if (visits_.size() >= kMaxRows && !visits_.contains(visit.entry)) continue;
    VisitCounts& counts = visits_[visit.entry];
    ++counts.visits;
    counts.failed += visit.failed;
    for (const Operation& step : visit.steps) {
      if (counts.with_step.size() < kMaxRows || counts.with_step.contains(step)) {
        ++counts.with_step[step];
      }
    }
    if (visit.last_call != Operation{}) ++counts.last_call[visit.last_call];
  }
}

void LedgerSet::Widen(uint32_t bits) {
  CHECK(period_bits_ <= bits && bits < 64);
  Cells wide;
  for (const auto& [period, kinds] : cells_) {
    auto& into = wide[period >> (bits - period_bits_)];
    for (const auto& [kind, cell] : kinds) into[kind].Merge(cell);
  }
  cells_ = std::move(wide);
  period_bits_ = bits;
}

}  // namespace clew::ledger
