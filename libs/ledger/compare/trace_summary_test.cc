// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/trace_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/drawn_trace_fixture.h"
#include "ledger/random_trace_fixture.h"

namespace clew::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TraceSummary SummaryOf(const Trace& trace, uint64_t started_ns = 0) {
  return Summarise(trace, BuildLedger(trace), started_ns);
}

TEST(Summarise, RowsAddUpToTheRootOfAnyTrace) {
  for (uint64_t seed = 0; seed < 5000; ++seed) {
    const TraceSummary summary = SummaryOf(RandomTrace(seed));
    uint64_t sum = 0;
    for (const auto& [owner, nanos] : summary.rows) sum += nanos;
    ASSERT_EQ(sum, summary.nanos) << seed;
    ASSERT_TRUE(std::ranges::is_sorted(summary.rows)) << seed;
  }
}

struct Shop {
  Drawing drawing;
  Operation get, charge, sql;

  explicit Shop(std::string_view text) {
    ReadDrawing(text, drawing);
    get = {drawing.names.CodeOf("shop"), drawing.names.CodeOf("GET")};
    charge = {drawing.names.CodeOf("pay"), drawing.names.CodeOf("Charge")};
    sql = {drawing.names.CodeOf("pay"), drawing.names.CodeOf("SQL")};
  }
};

constexpr std::string_view kCheckout =
    "a shop GET       server                |====================|\n"
    "b   shop charge  client                | ================== |\n"
    "c     pay Charge server                |   =============    |\n"
    "d       pay SQL  client peer=ledger-db |     =========      |\n";

TEST(Summarise, AKindIsTheRootAndWhatItsServiceCalls) {
  const Shop shop(kCheckout);
  const TraceSummary summary = SummaryOf(shop.drawing.trace, 5'000'000'000);
  EXPECT_EQ(summary.kind.root, shop.get);
  EXPECT_THAT(summary.kind.calls, ElementsAre(shop.charge));
  EXPECT_EQ(summary.started_ns, 5'000'000'000U);
}

TEST(Summarise, AVisitIsFromWhereARequestComesInToWhereItGoesOn) {
  Shop shop(kCheckout);
  const Operation client{shop.get.service, shop.drawing.names.CodeOf("charge")};
  const TraceSummary summary = SummaryOf(shop.drawing.trace);
  ASSERT_EQ(summary.visits.size(), 2U);
  EXPECT_EQ(summary.visits[0].entry, shop.get);
  EXPECT_THAT(summary.visits[0].steps, ::testing::UnorderedElementsAre(client, shop.charge));
  EXPECT_EQ(summary.visits[0].last_call, shop.charge);
  EXPECT_EQ(summary.visits[1].entry, shop.charge);
  EXPECT_THAT(summary.visits[1].steps, ElementsAre(shop.sql));
  EXPECT_EQ(summary.visits[1].last_call, Operation{});
}

TEST(Summarise, AnErrorBeginsWhereNothingBelowHasOne) {
  const Shop shop(
      "a shop GET       server error |====================|\n"
      "b   shop charge  client error | ================== |\n"
      "c     pay Charge server error |   =============    |\n");
  const TraceSummary summary = SummaryOf(shop.drawing.trace);
  EXPECT_FALSE(summary.visits[0].failed);
  EXPECT_TRUE(summary.visits[1].failed);
}

TEST(Summarise, OfNoSpansIsEmpty) {
  EXPECT_THAT(SummaryOf(Trace()).rows, IsEmpty());
}

}  // namespace
}  // namespace clew::ledger
