// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace clew::load {

// Random numbers without a state: each is a hash of what it is for. So the draw of any
// span of any trace can be made again without those before it, in any order.

// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection in which every
// bit of the input flips half of the output's.
constexpr uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// What draws are made from: a seed, a trace, a span. A value; costs one Mix a step.
class RandomKey {
 public:
  explicit constexpr RandomKey(uint64_t seed) : key_(Mix(seed + kStep)) {}

  // The key of part `number` of what this key is for.
  constexpr RandomKey Part(uint64_t number) const { return RandomKey(key_ ^ Draw(number)); }
  // 64 random bits, the same for the same `number`.
  constexpr uint64_t Draw(uint64_t number) const { return Mix(key_ + (number + 1) * kStep); }

 private:
  static constexpr uint64_t kStep = 0x9e3779b97f4a7c15;
  uint64_t key_;
};

// In [0, count), evenly. REQUIRES: count < 2^32
constexpr uint32_t Below(uint64_t random, uint32_t count) {
  return static_cast<uint32_t>(((random >> 32) * count) >> 32);
}

// In [0, 1), with 53 random bits.
constexpr double UnitInterval(uint64_t random) {
  return static_cast<double>(random >> 11) * 0x1p-53;
}

}  // namespace clew::load
