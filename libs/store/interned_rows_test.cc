// SPDX-License-Identifier: Apache-2.0
#include "store/interned_rows.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <utility>

namespace clew::store {
namespace {

struct Pair {
  uint32_t one = 0, other = 0;
};

TEST(InternedRows, GivesEqualRowsOneNumber) {
  std::mt19937_64 random(1);
  InternedRows<Pair> rows;
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> numbers;
  for (int i = 0; i < 20'000; ++i) {
    const Pair pair{static_cast<uint32_t>(random() % 50), static_cast<uint32_t>(random() % 50)};
    const auto next = static_cast<uint32_t>(numbers.size());
    const uint32_t expected = numbers.try_emplace({pair.one, pair.other}, next).first->second;
    ASSERT_EQ(rows.Intern(pair), expected);
  }
  ASSERT_EQ(rows.size(), numbers.size());
  for (const auto& [key, number] : numbers) {
    EXPECT_EQ(std::pair(rows[number].one, rows[number].other), key);
  }
}

}  // namespace
}  // namespace clew::store
