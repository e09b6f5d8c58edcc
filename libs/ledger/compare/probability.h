// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace clew::ledger {

// Both ends are part of it.
struct Bounds {
  double low = 0, high = 0;
};

// How many of a set have some property.
struct Proportion {
  uint64_t with = 0, all = 0;

  double share() const {
    return all == 0 ? 0 : static_cast<double>(with) / static_cast<double>(all);
  }
};

// The standard normal deviate of a two-sided interval of 95 %.
constexpr double kDeviate95 = 1.959963984540054;

// Wilson's interval of the share behind `counted`: never outside [0, 1], never empty where all or
// none have the property. [0, 1] of nothing.
Bounds WilsonInterval(Proportion counted, double deviate = kDeviate95);

// How much more often something holds in one set than in another.
struct RiskRatio {
  double ratio = 1;
  Bounds bounds{0, 0};  // Katz's 95 %, on the logarithm of the ratio
};
// Of counts of 0 or of a whole set the interval is that with half a count more on either side, so
// it is wide and not infinite. REQUIRES: both sets have something
RiskRatio RiskRatioOf(Proportion set, Proportion rest);

// P(Z >= deviate) of the standard normal distribution.
double NormalUpperTail(double deviate);
// P(T >= t) of Student's distribution; `freedom` need not be whole. REQUIRES: freedom > 0
double StudentUpperTail(double t, double freedom);

// How likely it is that something is as frequent in `set` as it is, or more, if it is no more
// frequent than in `rest`: Fisher's exact test, right for small counts too, where a normal
// approximation promises too much.
double MoreFrequentP(Proportion set, Proportion rest);

// Benjamini and Hochberg's q of each p: the share of false discoveries among all that have at most
// that q. In the order of `p_values`.
std::vector<double> QValues(std::span<const double> p_values);

}  // namespace clew::ledger
