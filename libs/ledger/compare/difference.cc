// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/difference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "ledger/compare/part_growth.h"
#include "ledger/compare/suspects.h"
#include "ledger/compare/visits.h"

namespace clew::ledger {
namespace {

double MeanOf(const LedgerSet& set) {
  if (set.traces() == 0) return 0;
  return static_cast<double>(set.total_nanos()) / static_cast<double>(set.traces());
}

// Parts add up to their traces.
double MeanOf(const Cells<Part>& cells) {
  double nanos = 0;
  uint64_t traces = 0;
  for (const auto& [period, kinds] : cells) {
    for (const auto& [kind, cell] : kinds) {
      traces += cell.count;
      for (const auto& [part, moments] : cell.sums) nanos += moments.sum;
    }
  }
  return traces == 0 ? 0 : nanos / static_cast<double>(traces);
}

// The same periods for both, and as few as can be for the set: what happens to all of it at once
// must not pass for many independent traces. The others keep enough to see how periods differ.
void AlignPeriods(LedgerSet& set, LedgerSet& usual) {
  constexpr size_t kSetPeriods = 2;
  constexpr size_t kUsualPeriods = 16;
  const uint32_t bits = std::max(set.period_bits(), usual.period_bits());
  set.Widen(bits);
  usual.Widen(bits);
  while (set.cells().size() > kSetPeriods && usual.cells().size() >= kUsualPeriods) {
    set.Widen(set.period_bits() + 1);
    usual.Widen(usual.period_bits() + 1);
  }
}

// Of the rows of a part the operation whose time a trace grew most. Rows are not known by period:
// of one that stands out none may seem to have grown, where a slow period was left out of its
// parts.
uint32_t OperationOf(const Part& part, const LedgerSet& set, const LedgerSet& usual) {
  uint32_t most_grown = Names::kEmpty;
  double most = std::numeric_limits<double>::lowest();
  for (const auto& [owner, sketch] : set.rows()) {
    if (PartOf(owner) != part) continue;
    const auto before = usual.rows().find(owner);
    double growth = static_cast<double>(sketch.sum_nanos()) / static_cast<double>(set.traces());
    if (before != usual.rows().end()) {
      growth -=
          static_cast<double>(before->second.sum_nanos()) / static_cast<double>(usual.traces());
    }
    if (growth <= most) continue;
    most = growth;
    most_grown = owner.operation;
  }
  return most_grown;
}

}  // namespace

std::vector<PartGrowth> PartsOf(const Difference& difference) {
  std::vector<PartGrowth> parts;
  for (const Suspect& suspect : difference.suspects) {
    parts.insert(parts.end(), suspect.parts.begin(), suspect.parts.end());
  }
  std::ranges::sort(parts, {}, [](const PartGrowth& part) {
    return std::tuple(-part.growth.nanos(), part.part);
  });
  return parts;
}

Difference Compare(LedgerSet set, LedgerSet usual) {
  Difference difference{.traces = set.traces(), .usual_traces = usual.traces()};
  AlignPeriods(set, usual);
  Cells<Part> usual_cells = usual.cells();
  difference.left_out = LeaveOutSlowPeriods(set.cells(), usual_cells);
  PartGrowths growths = GrowthOfParts(set.cells(), usual_cells);
  for (PartGrowth& part : growths.parts) {
    if (part.stands_out) part.operation = OperationOf(part.part, set, usual);
  }

  difference.compared = growths.compared;
  difference.total = {.now_ns = MeanOf(set), .usual_ns = MeanOf(usual_cells)};
  difference.change_ns = growths.change_ns;
  difference.mix_ns = difference.total.nanos() - growths.change_ns;
  difference.suspects = SuspectsOf(growths.parts, growths.usual_ns);
  difference.lost_steps = LostStepsOf(set.visits(), usual.visits());
  difference.errors = MoreErrorsOf(set.visits(), usual.visits());
  return difference;
}

}  // namespace clew::ledger
