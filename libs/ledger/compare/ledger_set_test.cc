// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/ledger_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/compare/traffic_fixture.h"

namespace clew::ledger {
namespace {

TEST(LedgerSet, RowsAddUpToTheTimeOfAllTraces) {
  Traffic traffic(1);
  const LedgerSet set = traffic.Minutes(0, 10);
  uint64_t sum = 0;
  for (const auto& [owner, sketch] : set.rows()) sum += sketch.sum_nanos();
  EXPECT_EQ(sum, set.total_nanos());
  EXPECT_EQ(set.totals().sum_nanos(), set.total_nanos());
  EXPECT_EQ(set.traces(), 200U);
}

TEST(LedgerSet, NeverHasMorePeriodsThanItsLimit) {
  Traffic traffic(2);
  const LedgerSet set = traffic.Minutes(0, 3000);
  EXPECT_LE(set.cells().size(), LedgerSet::kMaxPeriods);
  EXPECT_GE(set.cells().size(), LedgerSet::kMaxPeriods / 2);
  EXPECT_EQ(CountOf(AllPeriods(set.cells())), 60'000U);
}

TEST(LedgerSet, CountsKindsPastItsLimitAsOne) {
  LedgerSet set;
  for (uint32_t i = 0; i < 2 * LedgerSet::kMaxKinds; ++i) {
    set.Add({.nanos = 0, .kind = {.root = {.service = 1, .name = i}}, .rows = {}, .visits = {}});
  }
  const Kinds<Part> kinds = AllPeriods(set.cells());
  EXPECT_EQ(kinds.size(), LedgerSet::kMaxKinds + 1);
  EXPECT_EQ(kinds.at({}).count, LedgerSet::kMaxKinds);
}

TEST(LedgerSet, WideningKeepsAllSums) {
  Traffic traffic(3);
  LedgerSet set = traffic.Minutes(0, 20);
  const Kinds<Part> before = AllPeriods(set.cells());
  set.Widen(set.period_bits() + 7);
  const Kinds<Part> after = AllPeriods(set.cells());
  ASSERT_EQ(after.size(), before.size());
  for (const auto& [kind, cell] : before) {
    for (const auto& [part, moments] : cell.sums) {
      EXPECT_NEAR(after.at(kind).sums.at(part).sum, moments.sum, 1e-9 * moments.sum);
    }
  }
}

}  // namespace
}  // namespace clew::ledger
