// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/part_growth.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/check.h"

// Is what a part takes now more than chance?
//
//   usual   |..:.|.:..|....|:...|          |.:..|        periods, each with its own weather:
//   set                           |::|:::|               neighbours in time are alike
//
// Traces of one kind (the same root operation, the same calls) are compared with one another, and
// the differences are added up with the weights that the kinds have in the set. Two things make
// such a difference vary: single traces, which count as independent within a kind, and periods.
// A model with one random effect a period takes both apart (a one-way analysis of variance on the
// usual traces): with f and u the shares of the two sets that lie in period t,
//
//   variance = sum over kinds (w^2 v / n)  of both sets  +  tau^2 * sum over t (f_t - u_t)^2
//
// so halves of the same hour are compared as closely as their sizes allow, and one minute against
// an hour has to beat what minutes differ by anyway. The error has Student's distribution with
// Satterthwaite's degrees of freedom. All of it comes from sums, no trace is kept.
//
// Times have long tails, so that one trace of ten seconds makes a mean useless. Hence a second
// test on logarithms; the better of both counts, at twice its p.

namespace clew::ledger {
namespace {

constexpr uint64_t kLeastTracesOfKind = 5;
constexpr uint64_t kLeastTraces = 10;  // of a set; there is no verdict on fewer

// Sums of a kind over all periods.
using Kinds = std::map<RequestKind, Cell>;

Kinds KindsOf(const LedgerSet::Cells& cells) {
  Kinds kinds;
  for (const auto& [period, of_period] : cells) {
    for (const auto& [kind, cell] : of_period) kinds[kind].Merge(cell);
  }
  return kinds;
}

// Sums of a part in a cell, of times or of their logarithms.
struct Sums {
  double sum = 0, square_sum = 0;
};
Sums SumsOf(const Cell& cell, const Part& part, bool logarithms) {
  const auto found = cell.parts.find(part);
  if (found == cell.parts.end()) return {};
  const Moments& moments = found->second;
  if (logarithms) return {.sum = moments.log_sum, .square_sum = moments.log_square_sum};
  return {.sum = moments.sum, .square_sum = moments.square_sum};
}

struct MeanAndVariance {
  double mean = 0, variance = 0;
};
MeanAndVariance SpreadOf(Sums sums, uint64_t traces) {
  const auto n = static_cast<double>(traces);
  const double mean = sums.sum / n;
  if (traces < 2) return {.mean = mean};
  return {.mean = mean, .variance = std::max(0.0, (sums.square_sum - n * mean * mean) / (n - 1))};
}

std::set<Part> PartsOf(const Kinds& kinds) {
  std::set<Part> parts;
  for (const auto& [kind, cell] : kinds) {
    for (const auto& [part, moments] : cell.parts) parts.insert(part);
  }
  return parts;
}

double MedianOf(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

uint64_t TracesOf(const std::map<RequestKind, Cell>& kinds) {
  uint64_t traces = 0;
  for (const auto& [kind, cell] : kinds) traces += cell.traces;
  return traces;
}

// By how much the traces of one period exceed what such traces take in all of them, on average.
double ExcessOf(const std::map<RequestKind, Cell>& period, const Kinds& all, const Part& part) {
  double excess = 0;
  uint64_t traces = 0;
  for (const auto& [kind, cell] : period) {
    const Cell& usual = all.at(kind);
    const double mean = SumsOf(usual, part, false).sum / static_cast<double>(usual.traces);
    excess += SumsOf(cell, part, false).sum - static_cast<double>(cell.traces) * mean;
    traces += cell.traces;
  }
  return excess / static_cast<double>(traces);
}

}  // namespace

uint64_t LeaveOutSlowPeriods(const LedgerSet::Cells& set, LedgerSet::Cells& usual) {
  constexpr double kFarOut = 8 * 1.4826;  // median deviations that make eight standard ones
  constexpr double kLeastExcess = 0.1;    // of a whole trace's time
  constexpr size_t kLeastPeriods = 5;
  std::vector<uint64_t> periods;
  for (const auto& [period, kinds] : usual) {
    if (TracesOf(kinds) >= kLeastTracesOfKind) periods.push_back(period);
  }
  if (periods.size() < kLeastPeriods) return 0;

  const Kinds all = KindsOf(usual);
  double total = 0;
  for (const auto& [kind, cell] : all) {
    for (const auto& [part, moments] : cell.parts) total += moments.sum;
  }
  total /= static_cast<double>(TracesOf(all));

  std::set<uint64_t> slow;
  for (const Part& part : PartsOf(all)) {
    std::vector<double> excesses, deviations;
    for (const uint64_t period : periods) {
      excesses.push_back(ExcessOf(usual.at(period), all, part));
    }
    const double middle = MedianOf(excesses);
    for (const double excess : excesses) deviations.push_back(std::abs(excess - middle));
    const double limit = std::max(kFarOut * MedianOf(deviations), kLeastExcess * total);
    for (size_t i = 0; i < periods.size(); ++i) {
      if (excesses[i] - middle > limit) slow.insert(periods[i]);
    }
  }
  if (5 * slow.size() > periods.size()) return 0;  // then it is how things are

  uint64_t left_out = 0;
  for (const uint64_t period : slow) {
    if (set.contains(period)) continue;
    left_out += TracesOf(usual.at(period));
    usual.erase(period);
  }
  return left_out;
}

namespace {

// What two sets are compared by: the kinds both have, and how they lie in time.
class Comparison {
 public:
  Comparison(const LedgerSet::Cells& set, const LedgerSet::Cells& usual)
      : usual_cells_(usual), set_(KindsOf(set)), usual_(KindsOf(usual)) {
    for (auto kind = set_.begin(); kind != set_.end();) {
      const auto other = usual_.find(kind->first);
      const bool enough = other != usual_.end() && other->second.traces >= kLeastTracesOfKind;
      kind = enough ? std::next(kind) : set_.erase(kind);
    }
    std::erase_if(usual_, [&](const auto& kind) { return !set_.contains(kind.first); });
    set_traces_ = TracesOf(set_);
    usual_traces_ = TracesOf(usual_);
    FindPeriods(set);
  }

  uint64_t set_traces() const { return set_traces_; }
  bool enough() const { return set_traces_ >= kLeastTraces && usual_traces_ >= kLeastTraces; }
  std::set<Part> Parts() const {
    std::set<Part> parts = PartsOf(set_);
    parts.merge(PartsOf(usual_));
    return parts;
  }

  struct Estimate {
    double now = 0, usual = 0, error = 0;
    double freedom = 1;

    // That chance alone makes it as large as this.
    double p() const {
      if (now <= usual) return 1;
      return error > 0 ? StudentUpperTail((now - usual) / error, freedom) : 0;
    }
  };
  Estimate EstimateOf(const Part& part, bool logarithms) const {
    Estimate estimate;
    double square = 0, fourth = 0, within = 0;
    const auto add_variance = [&](double variance, double freedom) {
      square += variance;
      fourth += variance * variance / freedom;
    };
    std::map<RequestKind, double> means;
    for (const auto& [kind, cell] : set_) {
      const Cell& other = usual_.at(kind);
      const auto n = static_cast<double>(cell.traces), m = static_cast<double>(other.traces);
      const double weight = n / static_cast<double>(set_traces_);
      const MeanAndVariance usual = SpreadOf(SumsOf(other, part, logarithms), other.traces);
      MeanAndVariance now = SpreadOf(SumsOf(cell, part, logarithms), cell.traces);
      if (cell.traces < 2) now.variance = usual.variance;
      estimate.now += weight * now.mean;
      estimate.usual += weight * usual.mean;
      add_variance(weight * weight * now.variance / n, std::max(1.0, n - 1));
      add_variance(weight * weight * usual.variance / m, m - 1);
      within += m * usual.variance;
      means[kind] = usual.mean;
    }
    within /= static_cast<double>(usual_traces_);
    if (period_traces_.size() > 1) {
      add_variance(BetweenPeriods(part, logarithms, means, within) * unlike_,
                   static_cast<double>(period_traces_.size() - 1));
    }
    estimate.error = std::sqrt(square);
    estimate.freedom = fourth > 0 ? square * square / fourth : 1;
    return estimate;
  }

 private:
  void FindPeriods(const LedgerSet::Cells& set) {
    std::map<uint64_t, double> unlike;
    const auto shares = [&](const LedgerSet::Cells& cells, uint64_t all, double sign) {
      for (const auto& [period, kinds] : cells) {
        for (const auto& [kind, cell] : kinds) {
          if (!set_.contains(kind)) continue;
          unlike[period] += sign * static_cast<double>(cell.traces) / static_cast<double>(all);
        }
      }
    };
    shares(set, set_traces_, 1);
    shares(usual_cells_, usual_traces_, -1);
    for (const auto& [period, difference] : unlike) unlike_ += difference * difference;

    double squares = 0;
    for (const auto& [period, kinds] : usual_cells_) {
      uint64_t traces = 0;
      for (const auto& [kind, cell] : kinds) traces += set_.contains(kind) ? cell.traces : 0;
      if (traces == 0) continue;
      period_traces_[period] = static_cast<double>(traces);
      squares += static_cast<double>(traces) * static_cast<double>(traces);
    }
    const auto all = static_cast<double>(usual_traces_);
    const auto periods = static_cast<double>(period_traces_.size());
    if (periods > 1) traces_a_period_ = (all - squares / all) / (periods - 1);
  }

  // The variance of what periods add; `within` is that of traces within a kind.
  double BetweenPeriods(const Part& part, bool logarithms,
                        const std::map<RequestKind, double>& means, double within) const {
    double squares = 0;
    for (const auto& [period, traces] : period_traces_) {
      double excess = 0;
      for (const auto& [kind, cell] : usual_cells_.at(period)) {
        const auto mean = means.find(kind);
        if (mean == means.end()) continue;
        excess +=
            SumsOf(cell, part, logarithms).sum - static_cast<double>(cell.traces) * mean->second;
      }
      squares += excess * excess / traces;
    }
    const double between = squares / static_cast<double>(period_traces_.size() - 1);
    return std::max(0.0, (between - within) / traces_a_period_);
  }

  const LedgerSet::Cells& usual_cells_;
  Kinds set_, usual_;  // those that are compared
  uint64_t set_traces_ = 0, usual_traces_ = 0;
  std::map<uint64_t, double> period_traces_;  // of the usual ones
  double traces_a_period_ = 1;
  double unlike_ = 0;  // how little the two sets lie in the same periods
};

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

PartGrowths GrowthOfParts(const LedgerSet::Cells& set, const LedgerSet::Cells& usual) {
  PartGrowths growths;
  const Comparison comparison(set, usual);
  growths.compared = comparison.set_traces();
  if (growths.compared == 0) return growths;

  std::vector<double> p_values;
  for (const Part& part : comparison.Parts()) {
    const Comparison::Estimate mean = comparison.EstimateOf(part, false);
    const Comparison::Estimate log = comparison.EstimateOf(part, true);
    const double growth = mean.now - mean.usual;
    const double half = Deviate95(mean.freedom) * mean.error;
    growths.parts.push_back(
        {.part = part,
         .growth = {.now_ns = mean.now, .usual_ns = mean.usual, .error_ns = mean.error},
         .bounds = {growth - half, growth + half}});
    growths.usual_ns += mean.usual;
    growths.change_ns += growth;
    p_values.push_back(growth > 0 ? std::min(1.0, 2 * std::min(mean.p(), log.p())) : 1);
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
