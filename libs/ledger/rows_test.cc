// SPDX-License-Identifier: Apache-2.0
#include "ledger/rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "base/test_effort.h"
#include "ledger/amount_text.h"
#include "ledger/drawn_trace_fixture.h"
#include "ledger/random_trace_fixture.h"
#include "ledger/shares.h"

namespace clew::ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Shares, AddUpToAHundredByLargestRemainder) {
  EXPECT_THAT(SharesOf({1, 1, 1}), ElementsAre(34, 33, 33));
  EXPECT_THAT(SharesOf({996, 2, 2}), ElementsAre(100, 0, 0));
  EXPECT_THAT(SharesOf({665, 335}), ElementsAre(67, 33));
  EXPECT_THAT(SharesOf({UINT64_MAX / 2, UINT64_MAX / 2}), ElementsAre(50, 50));
  EXPECT_THAT(SharesOf({0, 0}), ElementsAre(0, 0));
  EXPECT_THAT(SharesOf({}), IsEmpty());
}

TEST(AmountText, HasThreeDigitsAndAUnit) {
  EXPECT_EQ(AmountText(0), "0 ns");
  EXPECT_EQ(AmountText(850), "850 ns");
  EXPECT_EQ(AmountText(12'345), "12.3 µs");
  EXPECT_EQ(AmountText(999'499), "999 µs");
  EXPECT_EQ(AmountText(999'500), "1.00 ms");
  EXPECT_EQ(AmountText(4'800'000), "4.80 ms");
  EXPECT_EQ(AmountText(9'996'000), "10.0 ms");
  EXPECT_EQ(AmountText(428'000'000), "428 ms");
  EXPECT_EQ(AmountText(1'240'000'000), "1.24 s");
  EXPECT_EQ(AmountText(12'350'000'000), "12.4 s");
  EXPECT_EQ(AmountText(3'600'000'000'000), "3600 s");
}

TEST(Rows, AddUpHoweverTheyAreGrouped) {
  for (uint64_t seed = 0; seed < base::TestRounds(20'000, 1'000'000); ++seed) {
    const Trace trace = RandomTrace(seed);
    const TraceLedger ledger = BuildLedger(trace);
    const Account& account = ledger.accounts.front();
    for (const GroupBy by : {GroupBy::kOperation, GroupBy::kService, GroupBy::kCategory}) {
      const Rows rows = RowsOf(trace, ledger, account, by);
      uint64_t nanos = 0, of_spans = 0, shares = 0;
      for (const Row& row : rows.rows) {
        nanos += row.nanos;
        shares += row.share;
        for (const RowSpan& span : rows.SpansOf(row)) of_spans += span.nanos;
        ASSERT_LE(row.drag_nanos, row.nanos) << "seed " << seed;
        ASSERT_LE(row.ambiguous_nanos, row.nanos) << "seed " << seed;
      }
      ASSERT_EQ(nanos, account.nanos()) << "seed " << seed;
      ASSERT_EQ(of_spans, account.nanos()) << "seed " << seed;
      ASSERT_EQ(shares, account.nanos() > 0 ? 100u : 0u) << "seed " << seed;
    }
  }
}

// Two calls below one that has a rival: together they save no more than it.
TEST(Rows, OfOneRowSaveNoMoreThanWhatIsAboveThem) {
  Drawing drawing;
  ReadDrawing(
      "a shop GET /  server   |====================|\n"
      "b   shop main internal |  ================  |\n"
      "c     db call client   |   ======           |\n"
      "d     db call client   |          ======    |\n"
      "e   shop side internal |  =============     |\n",
      drawing);
  const TraceLedger ledger = BuildLedger(drawing.trace);
  const Rows rows = RowsOf(drawing.trace, ledger, ledger.accounts.front(), GroupBy::kOperation);
  EXPECT_EQ(rows.rows.front().nanos, 12'000'000u);
  EXPECT_EQ(rows.rows.front().drag_nanos, 3'000'000u);
  EXPECT_EQ(rows.rows.front().rival, 4u);
}

TEST(Rows, OfTheNetworkAreEdgesWhateverIsCalled) {
  Drawing drawing;
  ReadDrawing(
      "a shop GET /   server |====================|\n"
      "b   shop one   client | ======             |\n"
      "c     pay One  server |   ==               |\n"
      "d   shop two   client |         ======     |\n"
      "e     pay Two  server |           ==       |\n",
      drawing);
  const TraceLedger ledger = BuildLedger(drawing.trace);
  const Rows rows = RowsOf(drawing.trace, ledger, ledger.accounts.front(), GroupBy::kOperation);
  EXPECT_EQ(rows.rows.size(), 4u);
  EXPECT_EQ(rows.rows[1].owner.category, Category::kNetwork);
  EXPECT_EQ(rows.rows[1].nanos, 8'000'000u);
  EXPECT_EQ(rows.rows[1].span_count, 2u);
}

// What an equal trace that is faster in one place really saves, when nothing else moves.
TEST(Rows, CanSaveWhatMakingThemFasterSaves) {
  Drawing drawing;
  ReadDrawing(
      "a shop GET /  internal |====================|\n"
      "b   shop last internal |     ===============|\n"
      "c   shop side internal |     ==========     |\n",
      drawing);
  const Rows rows = RowsOf(drawing.trace, BuildLedger(drawing.trace),
                           BuildLedger(drawing.trace).accounts.front(), GroupBy::kOperation);
  EXPECT_EQ(rows.rows.front().drag_nanos, 5'000'000u);
}

}  // namespace
}  // namespace clew::ledger
