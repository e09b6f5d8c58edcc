// SPDX-License-Identifier: Apache-2.0
#include "store/exponents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <utility>

namespace clew::store {
namespace {

using testing::ElementsAre;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

const parquet::Column kNumbers = {.path = {"key"}, .type = parquet::Type::kInt64};

TEST(Exponents, ArePowersThatNumbersAreRoundedUpTo) {
  EXPECT_EQ(ExponentOf(std::numeric_limits<int64_t>::min()), 0);
  EXPECT_EQ(ExponentOf(0), 0);
  EXPECT_EQ(ExponentOf(1), 0);
  EXPECT_EQ(ExponentOf(2), 1);
  EXPECT_EQ(ExponentOf(3), 2);
  EXPECT_EQ(ExponentOf(4), 2);
  EXPECT_EQ(ExponentOf(5), 3);
  EXPECT_EQ(ExponentOf(kMost), 63);
}

TEST(Exponents, AreThoseOfTheRows) {
  parquet::Page page{.rows = 3, .levels = {}, .values = std::vector<int64_t>{1000, -1, 1024}};
  const auto cells = ColumnCells::Make(std::move(page), nullptr, kNumbers);
  EXPECT_THAT(ExponentsOf(cells.value()), ElementsAre(10, 0, 10));
}

TEST(Exponents, AreThoseOfRowsThatNameAnEntryOfADictionary) {
  auto dictionary = std::make_shared<const parquet::Values>(std::vector<int64_t>{5, 1'000'000});
  parquet::Page page{.rows = 3, .levels = {}, .values = std::vector<uint32_t>{1, 0, 1}};
  const auto cells = ColumnCells::Make(std::move(page), std::move(dictionary), kNumbers);
  EXPECT_THAT(ExponentsOf(cells.value()), ElementsAre(20, 3, 20));
}

TEST(Exponents, AreNoneOfRowsWithoutANumber) {
  parquet::Column optional = kNumbers;
  optional.max_definition = 1;
  parquet::Page page{.rows = 3, .levels = {}, .values = std::vector<int64_t>{4, 9}};
  page.levels.definition = {1, 0, 1};
  const auto cells = ColumnCells::Make(std::move(page), nullptr, optional);
  EXPECT_THAT(ExponentsOf(cells.value()), ElementsAre(2, 0, 4));
}

}  // namespace
}  // namespace clew::store
