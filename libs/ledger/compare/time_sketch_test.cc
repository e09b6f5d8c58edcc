// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/time_sketch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace clew::ledger {
namespace {

// Times from nothing to hours, with some that lie at the ends of buckets.
std::vector<uint64_t> RandomTimes(uint64_t seed, size_t count) {
  std::mt19937_64 random(seed);
  std::vector<uint64_t> times(count);
  for (uint64_t& time : times) {
    const uint64_t bits = random() % 44;
    time = bits == 0 ? 0 : uint64_t{1} << bits;
    if (random() % 4 != 0 && bits > 0) time = random() % time;
  }
  return times;
}

TimeSketch SketchOf(const std::vector<uint64_t>& times) {
  TimeSketch sketch;
  for (const uint64_t time : times) sketch.Add(time);
  return sketch;
}

TEST(TimeSketch, EveryQuantileIsRightWithinElevenInAThousand) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    std::vector<uint64_t> times = RandomTimes(seed, 501);
    const TimeSketch sketch = SketchOf(times);
    std::ranges::sort(times);
    for (const double quantile : {0.0, 0.05, 0.5, 0.95, 0.99, 1.0}) {
      const auto rank = static_cast<size_t>(std::max(1.0, std::ceil(quantile * 501)));
      const auto exact = static_cast<double>(times[rank - 1]);
      EXPECT_NEAR(sketch.Quantile(quantile), exact, exact * 0.011) << seed << " " << quantile;
    }
  }
}

TEST(TimeSketch, MergingIsExactInAnyOrder) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<uint64_t> times = RandomTimes(seed, 300);
    TimeSketch parts[3];
    for (size_t i = 0; i < times.size(); ++i) parts[(i * 7 + seed) % 3].Add(times[i]);
    TimeSketch one = parts[0];
    one.Merge(parts[1]);
    one.Merge(parts[2]);
    TimeSketch other = parts[2];
    other.Merge(parts[0]);
    other.Merge(parts[1]);
    EXPECT_EQ(one, SketchOf(times));
    EXPECT_EQ(other, one);
  }
}

TEST(TimeSketch, CountsTracesInWhichTheRowIsAbsent) {
  TimeSketch sketch;
  sketch.AddAbsent(9);
  sketch.Add(1000);
  EXPECT_EQ(sketch.count(), 10U);
  EXPECT_EQ(sketch.absent(), 9U);
  EXPECT_EQ(sketch.mean(), 100);
  EXPECT_EQ(sketch.Quantile(0.9), 0);
  EXPECT_NEAR(sketch.Quantile(0.95), 1000, 11);
}

TEST(TimeSketch, AFewSlowTracesDoNotMoveTheMeanUpToAQuantile) {
  TimeSketch sketch;
  sketch.Add(1000, 97);
  sketch.Add(1'000'000'000, 3);
  EXPECT_GT(sketch.mean(), 1'000'000);
  EXPECT_NEAR(sketch.MeanUpTo(0.9), 1000, 11);
  EXPECT_EQ(TimeSketch().MeanUpTo(0.9), 0);
}

TEST(TimeSketch, CountsWhatTookLess) {
  TimeSketch sketch;
  sketch.AddAbsent(5);
  sketch.Add(1000, 90);
  sketch.Add(5000, 5);
  EXPECT_EQ(sketch.CountBelow(0), 0U);
  EXPECT_EQ(sketch.CountBelow(10), 5U);
  EXPECT_EQ(sketch.CountBelow(1000), 5U);
  EXPECT_EQ(sketch.CountBelow(1100), 95U);
  EXPECT_EQ(sketch.CountBelow(1'000'000), 100U);
}

TEST(TimeSketch, OfNothingHasNoTime) {
  EXPECT_EQ(TimeSketch().Quantile(0.5), 0);
  EXPECT_EQ(TimeSketch().mean(), 0);
}

TEST(TimeSketch, IsReadAsItWasWritten) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const TimeSketch sketch = SketchOf(RandomTimes(seed, seed * 5));
    std::string bytes;
    sketch.AppendTo(bytes);
    bytes += "rest";
    std::string_view left = bytes;
    EXPECT_EQ(TimeSketch::ReadFrom(left).value(), sketch);
    EXPECT_EQ(left, "rest");
  }
}

TEST(TimeSketch, HoldsTheSmallestAndTheLargestTime) {
  const TimeSketch sketch = SketchOf({1, UINT64_MAX});
  std::string bytes;
  sketch.AppendTo(bytes);
  std::string_view left = bytes;
  EXPECT_EQ(TimeSketch::ReadFrom(left).value(), sketch);
}

TEST(TimeSketch, DamagedBytesAreAnErrorOrAnotherSketch) {
  std::string bytes;
  SketchOf(RandomTimes(3, 40)).AppendTo(bytes);
  for (size_t size = 0; size < bytes.size(); ++size) {
    std::string_view cut = std::string_view(bytes).substr(0, size);
    EXPECT_FALSE(TimeSketch::ReadFrom(cut).ok()) << size;
  }
  for (size_t at = 0; at < bytes.size() * 8; ++at) {
    std::string flipped = bytes;
    flipped[at / 8] = static_cast<char>(flipped[at / 8] ^ 1 << at % 8);
    std::string_view view = flipped;
    const auto read = TimeSketch::ReadFrom(view);
    if (!read.ok()) continue;
    std::string again;
    read.value().AppendTo(again);
    std::string_view left = again;
    EXPECT_EQ(TimeSketch::ReadFrom(left).value(), read.value());
  }
}

}  // namespace
}  // namespace clew::ledger
