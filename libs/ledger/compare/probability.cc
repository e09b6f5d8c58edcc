// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/probability.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "base/check.h"

namespace clew::ledger {

Bounds WilsonInterval(Proportion counted, double deviate) {
  if (counted.all == 0) return {0, 1};
  const auto n = static_cast<double>(counted.all);
  const double share = counted.share();
  const double square = deviate * deviate;
  const double centre = share + square / (2 * n);
  const double half = deviate * std::sqrt(share * (1 - share) / n + square / (4 * n * n));
  const double scale = 1 + square / n;
  return {std::max(0.0, (centre - half) / scale), std::min(1.0, (centre + half) / scale)};
}

RiskRatio RiskRatioOf(Proportion set, Proportion rest) {
  CHECK(set.all > 0 && rest.all > 0);
  const bool bare = set.with == 0 || rest.with == 0 || set.with == set.all || rest.with == rest.all;
  const double more = bare ? 0.5 : 0;
  const auto a = static_cast<double>(set.with) + more;
  const auto n = static_cast<double>(set.all) + 2 * more;
  const auto b = static_cast<double>(rest.with) + more;
  const auto m = static_cast<double>(rest.all) + 2 * more;
  const double ratio = (a / n) / (b / m);
  const double error = std::sqrt(1 / a - 1 / n + 1 / b - 1 / m);
  const double factor = std::exp(kDeviate95 * error);
  return {.ratio = ratio, .bounds = {ratio / factor, ratio * factor}};
}

double NormalUpperTail(double deviate) {
  return std::erfc(deviate / std::numbers::sqrt2) / 2;
}

namespace {

// The continued fraction of the incomplete beta function by Lentz's method (Numerical Recipes,
// 6.4); converges fast for x < (a + 1) / (a + b + 2).
double BetaFraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  const auto not_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1;
  double d = 1 / not_zero(1 - (a + b) * x / (a + 1));
  double product = d;
  for (int m = 1; m <= 300; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / not_zero(1 + even * d);
    c = not_zero(1 + even / c);
    product *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / not_zero(1 + odd * d);
    c = not_zero(1 + odd / c);
    product *= d * c;
    if (std::abs(d * c - 1) < 1e-14) break;
  }
  return product;
}

// I_x(a, b), the regularised incomplete beta function.
double IncompleteBeta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * BetaFraction(a, b, x) / a;
  return 1 - front * BetaFraction(b, a, 1 - x) / b;
}

}  // namespace

double StudentUpperTail(double t, double freedom) {
  CHECK(freedom > 0);
  const double both = IncompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
  return t >= 0 ? both / 2 : 1 - both / 2;
}

double MoreFrequentP(Proportion set, Proportion rest) {
  const auto log_choose = [](uint64_t n, uint64_t k) {
    return std::lgamma(static_cast<double>(n) + 1) - std::lgamma(static_cast<double>(k) + 1) -
           std::lgamma(static_cast<double>(n - k) + 1);
  };
  const uint64_t with = set.with + rest.with;
  const double all_ways = log_choose(set.all + rest.all, with);
  double p = 0;
  for (uint64_t in_set = set.with; in_set <= std::min(with, set.all); ++in_set) {
    if (with - in_set > rest.all) continue;
    p += std::exp(log_choose(set.all, in_set) + log_choose(rest.all, with - in_set) - all_ways);
  }
  return std::min(1.0, p);
}

std::vector<double> QValues(std::span<const double> p_values) {
  std::vector<size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return std::pair(p_values[i], i); });

  const auto tests = static_cast<double>(p_values.size());
  std::vector<double> q_values(p_values.size());
  double least = 1;
  for (size_t rank = order.size(); rank > 0; --rank) {
    const size_t i = order[rank - 1];
    least = std::min(least, p_values[i] * tests / static_cast<double>(rank));
    q_values[i] = least;
  }
  return q_values;
}

}  // namespace clew::ledger
