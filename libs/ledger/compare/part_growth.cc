// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/part_growth.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "ledger/compare/comparison.h"
#include "ledger/compare/median.h"

namespace clew::ledger {
namespace {

double SumOf(const Cell<Part>& cell, const Part& part) {
  const auto found = cell.sums.find(part);
  return found == cell.sums.end() ? 0 : found->second.sum;
}

// By how much the traces of one period exceed what such traces take in all of them, on average.
double ExcessOf(const Kinds<Part>& period, const Kinds<Part>& all, const Part& part) {
  double excess = 0;
  for (const auto& [kind, cell] : period) {
    const Cell<Part>& usual = all.at(kind);
    const double mean = SumOf(usual, part) / static_cast<double>(usual.count);
    excess += SumOf(cell, part) - static_cast<double>(cell.count) * mean;
  }
  return excess / static_cast<double>(CountOf(period));
}

double MeanTotalOf(const Kinds<Part>& all) {
  double total = 0;
  for (const auto& [kind, cell] : all) {
    for (const auto& [part, moments] : cell.sums) total += moments.sum;
  }
  return total / static_cast<double>(CountOf(all));
}

// The periods of these in which a part takes far longer than in the others.
std::set<uint64_t> SlowPeriods(const Cells<Part>& usual, const std::vector<uint64_t>& periods) {
  constexpr double kFarOut = 8 * 1.4826;  // median deviations that make eight standard ones
  constexpr double kLeastExcess = 0.1;    // of a whole trace's time
  const Kinds<Part> all = AllPeriods(usual);
  const double least = kLeastExcess * MeanTotalOf(all);
  std::set<Part> parts;
  for (const auto& [kind, cell] : all) {
    for (const auto& [part, moments] : cell.sums) parts.insert(part);
  }
  std::set<uint64_t> slow;
  for (const Part& part : parts) {
    std::vector<double> excesses, deviations;
    for (const uint64_t period : periods) {
      excesses.push_back(ExcessOf(usual.at(period), all, part));
    }
    const double middle = MedianOf(excesses);
    for (const double excess : excesses) deviations.push_back(std::abs(excess - middle));
    const double limit = std::max(kFarOut * MedianOf(deviations), least);
    for (size_t i = 0; i < periods.size(); ++i) {
      if (excesses[i] - middle > limit) slow.insert(periods[i]);
    }
  }
  return slow;
}

}  // namespace

uint64_t LeaveOutSlowPeriods(const Cells<Part>& set, Cells<Part>& usual) {
  constexpr size_t kLeastPeriods = 5;
  std::vector<uint64_t> periods;
  for (const auto& [period, kinds] : usual) {
    if (CountOf(kinds) >= kLeastOfKind) periods.push_back(period);
  }
  if (periods.size() < kLeastPeriods) return 0;
  const std::set<uint64_t> slow = SlowPeriods(usual, periods);
  if (5 * slow.size() > periods.size()) return 0;  // then it is how things are

  uint64_t left_out = 0;
  for (const uint64_t period : slow) {
    if (set.contains(period)) continue;
    left_out += CountOf(usual.at(period));
    usual.erase(period);
  }
  return left_out;
}

namespace {

// The t that a distribution with `freedom` exceeds with 2.5 %.
double Deviate95(double freedom) {
  double low = 0, high = 1000;
  for (int step = 0; step < 50; ++step) {
    const double middle = (low + high) / 2;
    (StudentUpperTail(middle, freedom) > 0.025 ? low : high) = middle;
  }
  return high;
}

}  // namespace

PartGrowths GrowthOfParts(const Cells<Part>& set, const Cells<Part>& usual) {
  PartGrowths growths;
  const Comparison<Part> comparison(set, usual);
  growths.compared = comparison.set_count();
  if (growths.compared == 0) return growths;

  // Times have long tails, so that one trace of ten seconds makes a mean useless. Hence a second
  // test on logarithms; the better of both counts, at twice its p.
  std::vector<double> p_values;
  for (const Part& part : comparison.Keys()) {
    const Estimate mean = comparison.EstimateOf(part, Scale::kLinear);
    const Estimate log = comparison.EstimateOf(part, Scale::kLogarithmic);
    const double growth = mean.now - mean.usual;
    const double half = Deviate95(mean.freedom) * mean.error;
    growths.parts.push_back(
        {.part = part,
         .growth = {.now_ns = mean.now, .usual_ns = mean.usual, .error_ns = mean.error},
         .bounds = {growth - half, growth + half}});
    growths.usual_ns += mean.usual;
    growths.change_ns += growth;
    p_values.push_back(growth > 0 ? std::min(1.0, 2 * std::min(mean.GrowthP(), log.GrowthP())) : 1);
  }
  const std::vector<double> q_values = QValues(p_values);
  const double least = std::max(kLeastNanos, kLeastShare * growths.usual_ns);
  for (size_t i = 0; i < growths.parts.size(); ++i) {
    PartGrowth& part = growths.parts[i];
    part.q = q_values[i];
    part.stands_out =
        comparison.enough() && part.q <= kFalseDiscoveries && part.growth.nanos() >= least;
  }
  return growths;
}

}  // namespace clew::ledger
