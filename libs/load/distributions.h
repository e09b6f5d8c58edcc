// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace clew::load {

// Numbers [0, count) of which number r comes up in proportion to 1 / (r + 1)^exponent;
// exponent 0 is the even distribution. One draw is one look into a table (Walker's
// alias method, Vose 1991), 8 bytes a number. Immutable.
class ZipfDistribution {
 public:
  // REQUIRES: 0 < count < 2^32
  ZipfDistribution(uint32_t count, double exponent);

  uint32_t Pick(uint64_t random) const {
    const auto slot = static_cast<uint32_t>(((random >> 32) * slots_.size()) >> 32);
    return static_cast<uint32_t>(random) < slots_[slot].threshold ? slot : slots_[slot].other;
  }
  uint32_t count() const { return static_cast<uint32_t>(slots_.size()); }

 private:
  struct Slot {
    uint32_t threshold = 0;  // of 2^32: below it the slot's own number, else `other`
    uint32_t other = 0;
  };
  void FillSlots(std::vector<double> weights);

  std::vector<Slot> slots_;
};

// exp of a normal variable, given by its own mean and the deviation of its logarithm.
class LogNormalDistribution {
 public:
  // REQUIRES: mean > 0
  LogNormalDistribution(double mean, double sigma);
  double Pick(uint64_t random) const;

 private:
  double mu_;
  double sigma_;
};

// At least `low`, at most `high`, with P(X > x) falling as x^-alpha.
class BoundedParetoDistribution {
 public:
  // REQUIRES: 0 < low < high, alpha > 0, alpha != 1
  BoundedParetoDistribution(double low, double high, double alpha);
  double Pick(uint64_t random) const;
  double mean() const;

 private:
  double low_;
  double high_;
  double alpha_;
};

}  // namespace clew::load
