// SPDX-License-Identifier: Apache-2.0
#include "load/distributions.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

#include "base/check.h"
#include "load/counter_random.h"

namespace clew::load {

ZipfDistribution::ZipfDistribution(uint32_t count, double exponent) : slots_(count) {
  CHECK(count > 0);
  std::vector<double> weights(count);
  for (uint32_t i = 0; i < count; ++i) weights[i] = std::pow(i + 1.0, -exponent);
  FillSlots(std::move(weights));
}

// Each slot holds 1/count of the probability: a rare number leaves room in its slot,
// which a frequent one fills.
void ZipfDistribution::FillSlots(std::vector<double> weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  const auto count = static_cast<uint32_t>(weights.size());
  std::vector<uint32_t> rare;
  std::vector<uint32_t> frequent;
  for (uint32_t i = 0; i < count; ++i) {
    weights[i] *= count / sum;
    (weights[i] < 1 ? rare : frequent).push_back(i);
  }
  while (!rare.empty() && !frequent.empty()) {
    const uint32_t low = rare.back();
    const uint32_t high = frequent.back();
    rare.pop_back();
    slots_[low] = {static_cast<uint32_t>(std::min(weights[low] * 0x1p32, 0x1p32 - 1)), high};
    weights[high] -= 1 - weights[low];
    if (weights[high] >= 1) continue;
    frequent.pop_back();
    rare.push_back(high);
  }
  for (const uint32_t i : rare) slots_[i] = {UINT32_MAX, i};
  for (const uint32_t i : frequent) slots_[i] = {UINT32_MAX, i};
}

LogNormalDistribution::LogNormalDistribution(double mean, double sigma)
    : mu_(std::log(mean) - sigma * sigma / 2), sigma_(sigma) {
  CHECK(mean > 0);
}

// Box and Muller: two even variables make a normal one.
double LogNormalDistribution::Pick(uint64_t random) const {
  const double radius = std::sqrt(-2 * std::log(1 - UnitInterval(random)));
  const double angle = 2 * std::numbers::pi * UnitInterval(Mix(random));
  return std::exp(mu_ + sigma_ * radius * std::cos(angle));
}

BoundedParetoDistribution::BoundedParetoDistribution(double low, double high, double alpha)
    : low_(low), high_(high), alpha_(alpha) {
  CHECK(low > 0 && low < high && alpha > 0 && alpha != 1);
}

double BoundedParetoDistribution::Pick(uint64_t random) const {
  const double low = std::pow(low_, -alpha_);
  const double high = std::pow(high_, -alpha_);
  const double picked = std::pow(low - UnitInterval(random) * (low - high), -1 / alpha_);
  return std::clamp(picked, low_, high_);
}

double BoundedParetoDistribution::mean() const {
  const double ratio = std::pow(low_ / high_, alpha_);
  return alpha_ * low_ / (alpha_ - 1) * (1 - std::pow(low_ / high_, alpha_ - 1)) / (1 - ratio);
}

}  // namespace clew::load
