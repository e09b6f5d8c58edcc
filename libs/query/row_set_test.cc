// SPDX-License-Identifier: Apache-2.0
#include "query/row_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

namespace clew::query {
namespace {

using testing::ElementsAre;

std::vector<size_t> RowsOf(const RowSet& set) {
  std::vector<size_t> rows;
  set.ForEach([&](size_t row) { rows.push_back(row); });
  return rows;
}

TEST(RowSet, OfAllHasNoRowPastTheLast) {
  for (const size_t rows : std::vector<size_t>{0, 1, 63, 64, 65, 130}) {
    const RowSet all = RowSet::All(rows);
    EXPECT_EQ(all.Count(), rows);
    EXPECT_EQ(all.empty(), rows == 0);
    EXPECT_EQ(all.Next(0, rows), rows == 0 ? std::nullopt : std::optional<size_t>(0));
    EXPECT_EQ(RowsOf(all).size(), rows);
  }
}

TEST(RowSet, JoinsAndCuts) {
  RowSet some(200);
  RowSet others(200);
  for (const size_t row : std::vector<size_t>{3, 64, 199}) some.Add(row);
  for (const size_t row : std::vector<size_t>{64, 65}) others.Add(row);
  RowSet both = some;
  both.Intersect(others);
  EXPECT_THAT(RowsOf(both), ElementsAre(64));
  RowSet any = some;
  any.Unite(others);
  EXPECT_THAT(RowsOf(any), ElementsAre(3, 64, 65, 199));
  any.Remove(some);
  EXPECT_THAT(RowsOf(any), ElementsAre(65));
  any.Clear();
  EXPECT_TRUE(any.empty());
}

// Against a set of the standard library.
TEST(RowSet, IsASet) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const size_t rows = 1 + random() % 300;
    RowSet set(rows);
    std::set<size_t> model;
    for (size_t i = random() % 20; i > 0; --i) {
      const size_t row = random() % rows;
      set.Add(row);
      model.insert(row);
    }
    EXPECT_EQ(set.Count(), model.size());
    if (!model.empty()) {
      EXPECT_EQ(set.Last(), *model.rbegin());
    }
    const size_t first = random() % rows;
    const size_t end = first + random() % (rows - first + 1);
    std::vector<size_t> seen;
    set.ForEach(first, end, [&](size_t row) { seen.push_back(row); });
    EXPECT_EQ(seen, std::vector<size_t>(model.lower_bound(first), model.lower_bound(end)));
    EXPECT_EQ(set.HasAll(first, end), seen.size() == end - first);
    EXPECT_EQ(set.Next(first, end),
              seen.empty() ? std::nullopt : std::optional<size_t>(seen.front()));
    for (size_t row = 0; row < rows; ++row) EXPECT_EQ(set.Has(row), model.contains(row));
  }
}

}  // namespace
}  // namespace clew::query
