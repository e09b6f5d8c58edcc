// SPDX-License-Identifier: Apache-2.0
#include "ledger/calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/test_effort.h"
#include "ledger/drawn_trace_fixture.h"
#include "ledger/family.h"
#include "ledger/ledger.h"
#include "ledger/random_trace_fixture.h"

namespace clew::ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Trace> CallsIn(std::string_view drawn, const char* service) {
  Drawing drawing;
  ReadDrawing(drawn, drawing);
  return CallsOf(drawing.trace, drawing.names.CodeOf(service));
}

std::vector<uint32_t> ParentsIn(const Trace& trace) {
  std::vector<uint32_t> parents;
  parents.reserve(trace.spans.size());
  for (const Span& span : trace.spans) parents.push_back(span.parent);
  return parents;
}

constexpr std::string_view kShop =
    "a shop GET /        server |====================|\n"
    "b   shop charge     client |  =======           |\n"
    "c     pay Charge    server |   =====            |\n"
    "d       pay fee     client |    ===             |\n"
    "e         bank Fee  server |    ==              |\n"
    "f           pay Ask server |     =              |\n"
    "g   shop charge     client |          ========  |\n"
    "h     pay Charge    server |           ======   |\n";

TEST(Calls, AreWhatLiesBelowTheFirstSpanOfAService) {
  const std::vector<Trace> calls = CallsIn(kShop, "pay");
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_THAT(ParentsIn(calls[0]), ElementsAre(kNone, 0, 1, 2));
  EXPECT_THAT(ParentsIn(calls[1]), ElementsAre(kNone));
  EXPECT_EQ(BuildLedger(calls[0]).accounts.front().nanos(), 5'000'000U);
  EXPECT_EQ(BuildLedger(calls[1]).accounts.front().nanos(), 6'000'000U);
}

TEST(Calls, OfTheServiceOfTheRootAreTheTrace) {
  const std::vector<Trace> calls = CallsIn(kShop, "shop");
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_THAT(ParentsIn(calls[0]), ElementsAre(kNone, 0, 1, 2, 3, 4, 0, 6));
  EXPECT_THAT(CallsIn(kShop, "mail"), IsEmpty());
}

TEST(Calls, BeginWhereTheParentWasNotReceived) {
  const std::vector<Trace> calls = CallsIn(
      "a shop GET /   server          |==========|\n"
      "b pay  Charge  server parent=M |  ===     |\n"
      "c   pay SQL    client          |   =      |\n",
      "pay");
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_THAT(ParentsIn(calls[0]), ElementsAre(kNone, 0));
  EXPECT_EQ(BuildLedger(calls[0]).missing_parents, 0U);
}

// So many spans are of the service, or below one that is.
size_t CountBelow(const Trace& trace, uint32_t service) {
  const std::vector<uint32_t> parents = ParentsOf(trace);
  size_t below = 0;
  for (uint32_t span = 0; span < parents.size(); ++span) {
    uint32_t up = span;
    while (up != kNone && trace.spans[up].service != service) up = parents[up];
    if (up != kNone) ++below;
  }
  return below;
}

// Its only root is of the service, whose time is told to the nanosecond.
void ExpectCall(const Trace& call, uint32_t service) {
  const TraceLedger ledger = BuildLedger(call);
  EXPECT_EQ(ledger.other_roots, 0U);
  const Account& account = ledger.accounts.front();
  const Span& root = call.spans[account.root];
  EXPECT_EQ(root.service, service);
  uint64_t nanos = 0;
  for (const Segment& segment : ledger.SegmentsOf(account)) nanos += segment.nanos();
  EXPECT_EQ(nanos, std::max(root.start_ns, root.end_ns) - root.start_ns);
}

TEST(Calls, OfAnyTraceHaveEachSpanOnceBelowOneRoot) {
  for (uint64_t seed = 0; seed < base::TestRounds(5'000, 200'000); ++seed) {
    SCOPED_TRACE(seed);
    const Trace trace = RandomTrace(seed);
    for (const uint32_t service : {1U, 2U, 3U}) {
      size_t spans = 0;
      for (const Trace& call : CallsOf(trace, service)) {
        spans += call.spans.size();
        ExpectCall(call, service);
      }
      EXPECT_EQ(spans, CountBelow(trace, service));
    }
  }
}

}  // namespace
}  // namespace clew::ledger
