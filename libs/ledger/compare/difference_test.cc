// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_effort.h"
#include "ledger/compare/culprits.h"
#include "ledger/compare/difference_text.h"
#include "ledger/compare/traffic_fixture.h"

namespace clew::ledger {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(Compare, ASlowNetworkIsChargedToTheCallee) {
  Traffic traffic(1);
  const LedgerSet usual = traffic.Minutes(0, 30);
  const LedgerSet set = traffic.Minutes(30, 33, [&](TraceSummary& trace) {
    Slow(trace, 8, [&](const Owner& owner) {
      return owner.category == Category::kNetwork && owner.service == traffic.pay.service;
    });
  });
  const Difference difference = Compare(set, usual);
  const Suspect& first = difference.suspects.front();
  EXPECT_EQ(first.service, traffic.pay.service);
  EXPECT_TRUE(first.stands_out);
  EXPECT_EQ(first.parts.front().part,
            (Part{traffic.pay.service, traffic.shop.service, Category::kNetwork}));
  EXPECT_EQ(first.parts.front().operation, traffic.pay.name);
  EXPECT_FALSE(difference.suspects[1].stands_out);
}

TEST(Compare, CallsThatAllGrewAreChargedToTheirCaller) {
  Traffic traffic(2);
  const LedgerSet usual = traffic.Minutes(0, 30);
  const LedgerSet set = traffic.Minutes(30, 33, [&](TraceSummary& trace) {
    Slow(trace, 8, [&](const Owner& owner) {
      return owner.category == Category::kNetwork || owner.service == traffic.shop.service;
    });
  });
  const Difference difference = Compare(set, usual);
  EXPECT_EQ(difference.suspects.front().service, traffic.shop.service);
  EXPECT_EQ(difference.suspects.front().parts.front().part.category, Category::kSelf);
  EXPECT_THAT(TextOf(difference, traffic.names), HasSubstr("3 calls of shop grew together."));
}

TEST(Compare, ASlowDatabaseIsACalleeOfWhoAsksIt) {
  Traffic traffic(3);
  const LedgerSet usual = traffic.Minutes(0, 30);
  const LedgerSet set = traffic.Minutes(30, 33, [&](TraceSummary& trace) {
    Slow(trace, 5, [](const Owner& owner) { return owner.category == Category::kCallee; });
  });
  const std::vector<Culprit> culprits = CulpritsOf(Compare(set, usual));
  EXPECT_EQ(culprits.front().service, traffic.pay.service);
  EXPECT_EQ(culprits.front().category, Category::kCallee);
}

const uint64_t kRounds = base::TestRounds(100, 1000);

TEST(Compare, HalvesOfTheSameTrafficDoNotDiffer) {
  uint64_t quiet = 0;
  for (uint64_t seed = 0; seed < kRounds; ++seed) {
    Traffic traffic(seed);
    LedgerSet one, other;
    for (uint64_t i = 0; i < 400; ++i) (i % 2 == 0 ? one : other).Add(traffic.Request(i / 20));
    quiet += Compare(one, other).nothing_stands_out();
  }
  EXPECT_GE(quiet, kRounds * 95 / 100);
}

TEST(Compare, AMinuteDoesNotDifferFromOthersByItsWeather) {
  uint64_t quiet = 0;
  for (uint64_t seed = 0; seed < kRounds; ++seed) {
    Traffic traffic(1000 + seed);
    quiet += Compare(traffic.Minutes(30, 31), traffic.Minutes(0, 30)).nothing_stands_out();
  }
  EXPECT_GE(quiet, kRounds * 95 / 100);
}

TEST(Compare, BoundsHoldTheTrueGrowthInAboutNineteenOfTwenty) {
  int held = 0, parts = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Traffic traffic(2000 + seed);
    const Difference difference = Compare(traffic.Minutes(30, 33), traffic.Minutes(0, 30));
    for (const Suspect& suspect : difference.suspects) {
      for (const PartGrowth& part : suspect.parts) {
        ++parts;
        held += part.bounds.low <= 0 && 0 <= part.bounds.high;
      }
    }
  }
  EXPECT_EQ(parts, 60 * 8);
  EXPECT_GT(held, parts * 91 / 100);
  EXPECT_LT(held, parts * 99 / 100);
}

TEST(Compare, AnotherMixOfRequestsIsNoGrowth) {
  Traffic traffic(4);
  const auto make_heavy = [](TraceSummary& trace) {
    trace.kind.calls.clear();
    Slow(trace, 20, [](const Owner&) { return true; });
  };
  LedgerSet usual, set;
  for (uint64_t i = 0; i < 800; ++i) {
    TraceSummary trace = traffic.Request(i % 40);
    if (i % 10 == 0) make_heavy(trace);
    usual.Add(trace);
  }
  for (uint64_t i = 0; i < 200; ++i) {
    TraceSummary trace = traffic.Request(i % 40);
    if (i % 2 == 0) make_heavy(trace);
    set.Add(trace);
  }
  const Difference difference = Compare(set, usual);
  EXPECT_TRUE(difference.nothing_stands_out());
  EXPECT_GT(difference.mix_ns, 0.8 * difference.total.nanos());
  EXPECT_NEAR(difference.mix_ns + difference.change_ns, difference.total.nanos(), 1);
  EXPECT_THAT(TextOf(difference, traffic.names), HasSubstr("The mix of requests has changed"));
}

TEST(Compare, MinutesThatWereSlowThemselvesAreNotUsual) {
  Traffic traffic(5);
  const auto is_mail = [&](const Owner& owner) { return owner.service == traffic.mail.service; };
  const LedgerSet usual = traffic.Minutes(0, 40, [&](TraceSummary& trace) {
    if (trace.started_ns / Traffic::kMinute == 17) Slow(trace, 100, is_mail);
  });
  const LedgerSet set =
      traffic.Minutes(40, 42, [&](TraceSummary& trace) { Slow(trace, 4, is_mail); });
  const Difference difference = Compare(set, usual);
  EXPECT_GE(difference.left_out, 20U);
  EXPECT_NEAR(difference.mix_ns, 0, 0.02 * difference.total.usual_ns);
  EXPECT_EQ(difference.suspects.front().service, traffic.mail.service);
  EXPECT_TRUE(difference.suspects.front().stands_out);
}

TEST(Compare, AGrowthIsNamedByItsOperationThoughASlowerMinuteWasLeftOut) {
  Traffic traffic(10);
  const auto is_mail = [&](const Owner& owner) { return owner.service == traffic.mail.service; };
  const LedgerSet usual = traffic.Minutes(0, 40, [&](TraceSummary& trace) {
    if (trace.started_ns / Traffic::kMinute == 17) Slow(trace, 1000, is_mail);
  });
  const LedgerSet set =
      traffic.Minutes(40, 42, [&](TraceSummary& trace) { Slow(trace, 4, is_mail); });
  const Difference difference = Compare(set, usual);
  const PartGrowth& first = difference.suspects.front().parts.front();
  EXPECT_TRUE(first.stands_out);
  EXPECT_EQ(first.operation, traffic.mail.name);
}

TEST(Compare, VisitsThatEndEarlyAreFoundWithWhereTheyEnd) {
  Traffic traffic(6);
  const LedgerSet usual = traffic.Minutes(0, 30);
  uint64_t count = 0;
  const LedgerSet set = traffic.Minutes(30, 33, [&](TraceSummary& trace) {
    if (++count % 3 == 0) return;
    trace.visits.back().steps = {traffic.cart, traffic.pay};
    trace.visits.back().last_call = traffic.pay;
  });
  const Difference difference = Compare(set, usual);
  ASSERT_EQ(difference.lost_steps.size(), 1U);
  EXPECT_EQ(difference.lost_steps[0].step, traffic.mail);
  EXPECT_EQ(difference.lost_steps[0].stops_after, traffic.pay);
  EXPECT_EQ(CulpritsOf(difference).front().service, traffic.pay.service);
  EXPECT_THAT(TextOf(difference, traffic.names),
              StartsWith("No change in time (n = 60, against 600). In shop GET / mail Send is "
                         "missing in 67 % of 60 (normally 0 %); it ends after pay Charge."));
}

TEST(Compare, ErrorsAreFoundWhereTheyBegin) {
  Traffic traffic(7);
  const LedgerSet usual = traffic.Minutes(0, 30);
  uint64_t count = 0;
  const LedgerSet set = traffic.Minutes(
      30, 33, [&](TraceSummary& trace) { trace.visits[0].failed = ++count % 4 == 0; });
  const Difference difference = Compare(set, usual);
  ASSERT_EQ(difference.errors.size(), 1U);
  EXPECT_EQ(difference.errors[0].entry, traffic.cart);
  EXPECT_THAT(TextOf(difference, traffic.names),
              HasSubstr("Errors begin in cart Get in 25 % of 60 (normally 0 %)."));
}

TEST(Compare, DoesNotDependOnTheOrderOfTraces) {
  Traffic traffic(8);
  std::vector<TraceSummary> traces(300);
  for (size_t i = 0; i < traces.size(); ++i) traces[i] = traffic.Request(i / 10);
  LedgerSet forwards, backwards;
  for (const TraceSummary& trace : traces) forwards.Add(trace);
  std::ranges::reverse(traces);
  for (const TraceSummary& trace : traces) backwards.Add(trace);
  const LedgerSet usual = traffic.Minutes(40, 60);
  EXPECT_EQ(TextOf(Compare(forwards, usual), traffic.names),
            TextOf(Compare(backwards, usual), traffic.names));
}

TEST(Compare, OfFewTracesSaysSo) {
  Traffic traffic(9);
  LedgerSet set;
  for (int i = 0; i < 4; ++i) set.Add(traffic.Request(30));
  EXPECT_EQ(TextOf(Compare(set, traffic.Minutes(0, 30)), traffic.names),
            "Too few traces to compare: n = 4, against 600.");
  EXPECT_THAT(Compare(LedgerSet(), LedgerSet()).suspects, IsEmpty());
}

TEST(TextOf, TellsTotalsPartsAndTheRest) {
  Traffic traffic(1);
  const LedgerSet usual = traffic.Minutes(0, 30);
  const LedgerSet set = traffic.Minutes(30, 33, [&](TraceSummary& trace) {
    Slow(trace, 30, [&](const Owner& owner) {
      return owner.category == Category::kNetwork && owner.service == traffic.pay.service;
    });
  });
  EXPECT_THAT(TextOf(Compare(set, usual), traffic.names),
              ::testing::MatchesRegex(
                  "[0-9]+ ms on the average \\(normally [0-9.]+ ms; n = 60, against 600\\)\\. "
                  "[0-9]+ % network shop → pay \\(normally [0-9]+ %\\); rest [0-9]+ %\\."));
}

}  // namespace
}  // namespace clew::ledger
