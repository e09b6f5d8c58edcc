// SPDX-License-Identifier: Apache-2.0
#include "store/present_entries.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace clew::store {
namespace {

void ExpectAsTheLevelsSay(const std::vector<uint8_t>& levels, uint8_t highest) {
  const PresentEntries present(levels, highest);
  uint32_t rank = 0;
  for (size_t i = 0; i < levels.size(); ++i) {
    ASSERT_EQ(present.Has(i), levels[i] == highest) << i;
    if (levels[i] != highest) continue;
    ASSERT_EQ(present.RankOf(i), rank) << i;
    ++rank;
  }
  ASSERT_EQ(present.CountOf(levels.size()), rank);
}

TEST(PresentEntries, AreThoseOfTheHighestLevel) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 500; ++round) {
    const auto highest = static_cast<uint8_t>(random() % 4);
    const uint64_t rare = 1 + random() % 40;
    std::vector<uint8_t> levels(random() % 300);
    for (uint8_t& level : levels) {
      level = random() % rare == 0 ? static_cast<uint8_t>(random() % (highest + 1u)) : highest;
    }
    SCOPED_TRACE("round " + std::to_string(round));
    ExpectAsTheLevelsSay(levels, highest);
  }
}

TEST(PresentEntries, AreAllWithoutLevels) {
  const PresentEntries all;
  EXPECT_TRUE(all.Has(1'000'000));
  EXPECT_EQ(all.RankOf(1'000'000), 1'000'000U);
  EXPECT_EQ(all.size_bytes(), 0U);
}

TEST(PresentEntries, TakeNoMemoryWhenAllHaveOne) {
  const std::vector<uint8_t> levels(200, 3);
  EXPECT_EQ(PresentEntries(levels, 3).size_bytes(), 0U);
}

}  // namespace
}  // namespace clew::store
