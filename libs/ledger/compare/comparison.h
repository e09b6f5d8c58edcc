// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>

#include "ledger/compare/cells.h"
#include "ledger/compare/probability.h"

// Does something differ between two sets by more than chance?
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
namespace clew::ledger {

constexpr uint64_t kLeastOfKind = 5;  // of the usual requests; kinds with fewer are not compared
constexpr uint64_t kLeastOfSet = 10;  // there is no verdict on fewer

enum class Scale : uint8_t { kLinear, kLogarithmic };

// How large something is in either set, on the average of all requests, when kinds are as frequent
// in both as in the first.
struct Estimate {
  double now = 0, usual = 0;
  double error = 0;    // the standard error of now - usual
  double freedom = 1;  // degrees of, of that error

  // That chance alone makes it as large as this, or as small.
  double GrowthP() const { return TailP(now - usual); }
  double LossP() const { return TailP(usual - now); }

 private:
  double TailP(double difference) const {
    if (difference <= 0) return 1;
    return error > 0 ? StudentUpperTail(difference / error, freedom) : 0;
  }
};

// What two sets are compared by: the kinds both have, and how they lie in time.
template <typename Key>
class Comparison {
 public:
  // REQUIRES: `usual` outlives it; periods of both are of the same length
  Comparison(const Cells<Key>& set, const Cells<Key>& usual)
      : usual_cells_(usual), set_(AllPeriods(set)), usual_(AllPeriods(usual)) {
    for (auto kind = set_.begin(); kind != set_.end();) {
      const auto other = usual_.find(kind->first);
      const bool enough = other != usual_.end() && other->second.count >= kLeastOfKind;
      kind = enough ? std::next(kind) : set_.erase(kind);
    }
    std::erase_if(usual_, [&](const auto& kind) { return !set_.contains(kind.first); });
    set_count_ = CountOf(set_);
    usual_count_ = CountOf(usual_);
    FindPeriods(set);
  }

  // Of the first set, the requests of kinds that both have.
  uint64_t set_count() const { return set_count_; }
  uint64_t usual_count() const { return usual_count_; }
  bool enough() const { return set_count_ >= kLeastOfSet && usual_count_ >= kLeastOfSet; }
  std::set<Key> Keys() const {
    std::set<Key> keys;
    for (const Kinds<Key>* kinds : {&set_, &usual_}) {
      for (const auto& [kind, cell] : *kinds) {
        for (const auto& [key, moments] : cell.sums) keys.insert(key);
      }
    }
    return keys;
  }

  Estimate EstimateOf(const Key& key, Scale scale) const {
    Estimate estimate;
    double square = 0, fourth = 0, within = 0;
    const auto add_variance = [&](double variance, double freedom) {
      square += variance;
      fourth += variance * variance / freedom;
    };
    std::map<RequestKind, double> means;
    for (const auto& [kind, cell] : set_) {
      const Cell<Key>& other = usual_.at(kind);
      const auto n = static_cast<double>(cell.count), m = static_cast<double>(other.count);
      const double weight = n / static_cast<double>(set_count_);
      const Spread usual = SpreadOf(SumsOf(other, key, scale), m);
      Spread now = SpreadOf(SumsOf(cell, key, scale), n);
      if (cell.count < 2) now.variance = usual.variance;
      estimate.now += weight * now.mean;
      estimate.usual += weight * usual.mean;
      add_variance(weight * weight * now.variance / n, std::max(1.0, n - 1));
      add_variance(weight * weight * usual.variance / m, m - 1);
      within += m * usual.variance;
      means[kind] = usual.mean;
    }
    within /= static_cast<double>(usual_count_);
    if (period_counts_.size() > 1) {
      add_variance(BetweenPeriods(key, scale, means, within) * unlike_,
                   static_cast<double>(period_counts_.size() - 1));
    }
    estimate.error = std::sqrt(square);
    estimate.freedom = fourth > 0 ? square * square / fourth : 1;
    return estimate;
  }

 private:
  struct Sums {
    double sum = 0, square_sum = 0;
  };
  static Sums SumsOf(const Cell<Key>& cell, const Key& key, Scale scale) {
    const auto found = cell.sums.find(key);
    if (found == cell.sums.end()) return {};
    const Moments& moments = found->second;
    if (scale == Scale::kLinear) return {.sum = moments.sum, .square_sum = moments.square_sum};
    return {.sum = moments.log_sum, .square_sum = moments.log_square_sum};
  }

  struct Spread {
    double mean = 0, variance = 0;
  };
  static Spread SpreadOf(Sums sums, double n) {
    const double mean = sums.sum / n;
    if (n < 2) return {.mean = mean};
    const double variance = (sums.square_sum - n * mean * mean) / (n - 1);
    return {.mean = mean, .variance = std::max(0.0, variance)};
  }

  void FindPeriods(const Cells<Key>& set) {
    std::map<uint64_t, double> unlike;
    const auto shares = [&](const Cells<Key>& cells, uint64_t all, double sign) {
      for (const auto& [period, kinds] : cells) {
        for (const auto& [kind, cell] : kinds) {
          if (!set_.contains(kind)) continue;
          unlike[period] += sign * static_cast<double>(cell.count) / static_cast<double>(all);
        }
      }
    };
    shares(set, set_count_, 1);
    shares(usual_cells_, usual_count_, -1);
    for (const auto& [period, difference] : unlike) unlike_ += difference * difference;

    double squares = 0;
    for (const auto& [period, kinds] : usual_cells_) {
      uint64_t count = 0;
      for (const auto& [kind, cell] : kinds) count += set_.contains(kind) ? cell.count : 0;
      if (count == 0) continue;
      period_counts_[period] = static_cast<double>(count);
      squares += static_cast<double>(count) * static_cast<double>(count);
    }
    const auto all = static_cast<double>(usual_count_);
    const auto periods = static_cast<double>(period_counts_.size());
    if (periods > 1) count_a_period_ = (all - squares / all) / (periods - 1);
  }

  // The variance of what periods add; `within` is that of traces within a kind.
  double BetweenPeriods(const Key& key, Scale scale, const std::map<RequestKind, double>& means,
                        double within) const {
    double squares = 0;
    for (const auto& [period, count] : period_counts_) {
      double excess = 0;
      for (const auto& [kind, cell] : usual_cells_.at(period)) {
        const auto mean = means.find(kind);
        if (mean == means.end()) continue;
        excess += SumsOf(cell, key, scale).sum - static_cast<double>(cell.count) * mean->second;
      }
      squares += excess * excess / count;
    }
    const double between = squares / static_cast<double>(period_counts_.size() - 1);
    return std::max(0.0, (between - within) / count_a_period_);
  }

  const Cells<Key>& usual_cells_;
  Kinds<Key> set_, usual_;  // those that are compared
  uint64_t set_count_ = 0, usual_count_ = 0;
  std::map<uint64_t, double> period_counts_;  // of the usual ones
  double count_a_period_ = 1;
  double unlike_ = 0;  // how little the two sets lie in the same periods
};

}  // namespace clew::ledger
