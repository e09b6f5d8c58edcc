// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "load/counter_random.h"
#include "shop/shop.h"

namespace clew::shop {

// The draws of one request, the same for the same seed. A value of one thread.
class Dice {
 public:
  explicit Dice(uint64_t seed) : key_(seed) {}

  // In [0, 1).
  double Unit() { return load::UnitInterval(key_.Draw(drawn_++)); }
  uint32_t Below(uint32_t count) { return load::Below(key_.Draw(drawn_++), count); }
  // The whole number that is `mean` on average and next to it.
  uint32_t Count(double mean) {
    const double whole = std::floor(mean);
    return static_cast<uint32_t>(whole) + (Unit() < mean - whole ? 1U : 0U);
  }
  // Log-normal.
  Nanos Around(Nanos median, double spread) {
    const double radius = std::sqrt(-2 * std::log(1 - Unit()));
    const double normal = radius * std::cos(2 * std::numbers::pi * Unit());
    return Scaled(median, std::exp(spread * normal));
  }
  Nanos Exponential(Nanos mean) { return Scaled(mean, -std::log(1 - Unit())); }

 private:
  static Nanos Scaled(Nanos time, double factor) {
    return Nanos(static_cast<int64_t>(static_cast<double>(time.count()) * factor));
  }

  load::RandomKey key_;
  uint64_t drawn_ = 0;
};

}  // namespace clew::shop
