// SPDX-License-Identifier: Apache-2.0

#include "shop/shop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "shop/fault.h"
#include "shop/simulate.h"

namespace clew::shop {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

Shop TheShop() {
  const std::string path = std::string(CLEW_SHOP_FOLDER) + "/shop.yaml";
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return ReadShop(text, path).value();
}

const Visit& Checkout(const Shop& shop) {
  return shop.visits[0];
}

std::string ErrorOf(std::string_view yaml) {
  const auto shop = ReadShop(yaml, "shop.yaml");
  return shop.ok() ? "" : shop.error().message;
}

constexpr std::string_view kSmall = R"(
visits: [{ask: a GET /}]
peers: {db: postgresql}
services:
  a:
    GET /:
      - work: 2 ms
      - call: b GET /b
      - call: db SELECT
        time: 3 ms
  b:
    GET /b:
      - work: 5 ms
)";

// Without a spread every time is its median.
TEST(Simulate, GivesTheSpansOfAVisitWithTheirTimes) {
  const Shop shop = ReadShop(kSmall, "").value();
  Dice dice(1);
  const auto spans = Simulate(shop, shop.visits[0], 1000, dice);
  ASSERT_EQ(spans.size(), 4U);
  EXPECT_EQ(spans[0].operation, "GET /");
  EXPECT_EQ(spans[0].parent, kNoParent);
  EXPECT_EQ(spans[0].end_unix_nano, 1000 + 10'000'000U);
  EXPECT_EQ(spans[1].kind, SpanKind::kClient);
  EXPECT_EQ(spans[1].peer, "b");
  EXPECT_EQ(spans[2].kind, SpanKind::kServer);
  EXPECT_EQ(spans[2].parent, 1U);
  EXPECT_EQ(spans[2].start_unix_nano, 1000 + 2'000'000U);
  EXPECT_EQ(spans[3].peer, "db");
  EXPECT_EQ(spans[3].end_unix_nano - spans[3].start_unix_nano, 3'000'000U);
}

TEST(Simulate, IsTheSameForTheSameSeed) {
  const Shop shop = TheShop();
  const auto ends = [&](uint64_t seed) {
    Dice dice(seed);
    std::vector<uint64_t> all;
    for (const SimulatedSpan& span : Simulate(shop, Checkout(shop), 0, dice)) {
      all.push_back(span.end_unix_nano);
    }
    return all;
  };
  EXPECT_EQ(ends(7), ends(7));
  EXPECT_NE(ends(7), ends(8));
}

TEST(Simulate, KeepsChildrenInsideWhoWaitsForThem) {
  const Shop shop = TheShop();
  for (const Visit& visit : shop.visits) {
    Dice dice(3);
    const auto spans = Simulate(shop, visit, 0, dice);
    for (const SimulatedSpan& span : spans) {
      if (span.parent == kNoParent || span.kind == SpanKind::kConsumer) continue;
      EXPECT_GE(span.start_unix_nano, spans[span.parent].start_unix_nano);
      EXPECT_LE(span.end_unix_nano, spans[span.parent].end_unix_nano);
    }
  }
}

double MeanMillis(const Shop& shop, const Visit& visit) {
  constexpr uint64_t kVisits = 400;
  double sum = 0;
  for (uint64_t seed = 0; seed < kVisits; ++seed) {
    Dice dice(seed);
    sum += static_cast<double>(Simulate(shop, visit, 0, dice)[0].end_unix_nano) * 1e-6;
  }
  return sum / kVisits;
}

TEST(Fault, TakesAsMuchMoreAsWasAskedFor) {
  const Shop shop = TheShop();
  for (const FaultKind kind : kFaultKinds) {
    if (kind == FaultKind::kQueueWait) continue;  // nobody waits for a message
    for (const Visit& visit : shop.visits) {
      const double usual = MeanMillis(shop, visit);
      for (const FaultPlace& place : FaultPlaces(shop, visit, kind, milliseconds(60))) {
        const Shop faulty = Plant(shop, place, milliseconds(60));
        EXPECT_NEAR(MeanMillis(faulty, visit) - usual, 60, 10)
            << NameOf(kind) << " in " << OwnerOf(shop, place).operation;
      }
    }
  }
}

TEST(Fault, OfEveryKindHasAPlaceInTheShop) {
  const Shop shop = TheShop();
  for (const FaultKind kind : kFaultKinds) {
    EXPECT_FALSE(FaultPlaces(shop, Checkout(shop), kind, milliseconds(100)).empty())
        << NameOf(kind);
    EXPECT_EQ(FaultKindNamed(NameOf(kind)), kind);
  }
  EXPECT_EQ(FaultKindNamed("fire"), std::nullopt);
}

TEST(Fault, InAQueueDelaysTheConsumerAndNobodyElse) {
  const Shop shop = TheShop();
  const FaultPlace place =
      FaultPlaces(shop, Checkout(shop), FaultKind::kQueueWait, milliseconds(500)).at(0);
  const Shop faulty = Plant(shop, place, milliseconds(500));
  Dice dice(5);
  const auto spans = Simulate(faulty, Checkout(faulty), 0, dice);
  const auto consumer = std::ranges::find(spans, SpanKind::kConsumer, &SimulatedSpan::kind);
  ASSERT_NE(consumer, spans.end());
  EXPECT_GT(consumer->start_unix_nano, spans[consumer->parent].end_unix_nano + 250'000'000);
  EXPECT_LT(spans[0].end_unix_nano, 250'000'000U);
  EXPECT_EQ(OwnerOf(shop, place).category, "wait");
}

TEST(Shop, NamesItsMistakesWithTheirLine) {
  EXPECT_EQ(ErrorOf(kSmall), "");
  EXPECT_THAT(
      ErrorOf("visits: [{ask: a GET /}]\nservices:\n  a:\n    GET /:\n      - wrok: 2 ms\n"),
      HasSubstr("shop.yaml:5: unknown key 'wrok'"));
  EXPECT_THAT(
      ErrorOf("visits: [{ask: a GET /}]\nservices:\n  a:\n    GET /:\n      - work: 2 days\n"),
      HasSubstr("shop.yaml:5: expected a time"));
  EXPECT_THAT(
      ErrorOf("visits: [{ask: a GET /}]\nservices:\n  a:\n    GET /:\n      - call: c GET /\n"),
      HasSubstr("shop.yaml:5: no service and no peer is called 'c'"));
  EXPECT_THAT(
      ErrorOf("visits: [{ask: a GET /}]\nservices:\n  a:\n    GET /:\n      - call: a GET /x\n"),
      HasSubstr("shop.yaml:5: service 'a' has no operation 'GET /x'"));
  EXPECT_THAT(
      ErrorOf("visits: [{ask: a GET /}]\nservices:\n  a:\n    GET /:\n      - call: a GET /\n"),
      HasSubstr("comes to itself again"));
  EXPECT_THAT(ErrorOf("services:\n  a:\n    GET /: []\n"), HasSubstr("expected the key 'visits'"));
  EXPECT_THAT(ErrorOf("visits: ["), HasSubstr("shop.yaml:1: "));
}

}  // namespace
}  // namespace clew::shop
