// SPDX-License-Identifier: Apache-2.0
#include "derive/usual_times.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/test_effort.h"
#include "derive/limits.h"
#include "derive/usual_times_builder.h"
#include "ledger/drawn_trace_fixture.h"
#include "ledger/random_trace_fixture.h"

namespace clew::derive {
namespace {

using ledger::Category;
using Of = TimedThing::Of;

UsualTimes TimesOf(std::string_view drawing, int64_t start_unix_nano = 1000) {
  ledger::Drawing drawn;
  ledger::ReadDrawing(drawing, drawn);
  UsualTimesBuilder builder;
  builder.Add(drawn.trace, ledger::BuildLedger(drawn.trace), start_unix_nano);
  UsualTimes times;
  builder.MoveTo(times, drawn.names);
  return times;
}

constexpr std::string_view kCheckout =
    "a shop POST      server |==================================================|\n"
    "b   shop charge  client | ================================================ |\n"
    "c     pay Charge server |      ========================================    |\n";

TimedThing Row(Of of, Category category, std::string service, std::string operation = "",
               std::string peer = "") {
  return {of, static_cast<uint8_t>(category), std::move(service), std::move(operation),
          std::move(peer)};
}

TEST(UsualTimes, AreOfRowsGroupsAndSpans) {
  const UsualTimes times = TimesOf(kCheckout);
  const OperationTimes* shop = times.Find({"shop", "POST"});
  ASSERT_NE(shop, nullptr);
  EXPECT_EQ(shop->traces(), 1U);
  EXPECT_EQ(shop->durations.sum_nanos(), 50'000'000U);
  EXPECT_EQ(shop->first_start_unix_nano, 1000);
  const auto sum = [&](const TimedThing& thing) { return shop->OfRow(thing).sum_nanos(); };
  EXPECT_EQ(sum(Row(Of::kOperation, Category::kSelf, "pay", "Charge")), 40'000'000U);
  EXPECT_EQ(sum(Row(Of::kOperation, Category::kNetwork, "pay", "", "shop")), 8'000'000U);
  EXPECT_EQ(sum(Row(Of::kService, Category::kSelf, "pay")), 48'000'000U);
  EXPECT_EQ(sum(Row(Of::kCategory, Category::kSelf, "")), 42'000'000U);
  const auto charge = shop->things.find({Of::kSpan, 3, "shop", "charge", ""});
  ASSERT_NE(charge, shop->things.end());
  EXPECT_EQ(charge->second.sum_nanos(), 48'000'000U);
}

TEST(UsualTimes, CountTracesInWhichARowIsAbsent) {
  UsualTimes times = TimesOf(kCheckout);
  times.Merge(TimesOf("a shop POST server |==========|\n", 5000));
  const OperationTimes* shop = times.Find({"shop", "POST"});
  ASSERT_NE(shop, nullptr);
  EXPECT_EQ(shop->traces(), 2U);
  EXPECT_EQ(shop->last_start_unix_nano, 5000);
  const auto pay = shop->OfRow(Row(Of::kOperation, Category::kSelf, "pay", "Charge"));
  EXPECT_EQ(pay.count(), 2U);
  EXPECT_EQ(pay.absent(), 1U);
}

TEST(UsualTimes, OfATraceWithoutItsRootAreNone) {
  EXPECT_TRUE(TimesOf("a shop work internal parent=M |   ====   |\n"
                      "b shop more internal parent=M |        ==|\n")
                  .operations()
                  .empty());
}

TEST(UsualTimes, AreTheSameHoweverTracesAreDealtAndMerged) {
  ledger::Names names;
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) names.CodeOf(name);
  for (uint64_t seed = 0; seed < base::TestRounds(100, 2'000); ++seed) {
    std::mt19937_64 random(seed);
    UsualTimesBuilder all;
    std::vector<UsualTimesBuilder> builders(1 + random() % 5);
    for (uint64_t i = 0; i < 30; ++i) {
      const ledger::Trace trace = ledger::RandomTrace(seed * 100 + i);
      const ledger::TraceLedger ledger = ledger::BuildLedger(trace);
      const auto start = static_cast<int64_t>(random() % 1'000'000);
      all.Add(trace, ledger, start);
      builders[random() % builders.size()].Add(trace, ledger, start);
    }
    UsualTimes expected, merged;
    all.MoveTo(expected, names);
    std::ranges::shuffle(builders, random);
    for (UsualTimesBuilder& builder : builders) {
      UsualTimes part;
      builder.MoveTo(part, names);
      merged.Merge(part);
    }
    ASSERT_EQ(merged, expected) << seed;
  }
}

// Of so many operations, each with up to 40 things, that they are over the limit together.
UsualTimes Many(std::mt19937_64& random, size_t operations) {
  UsualTimes times;
  for (size_t i = 0; i < operations; ++i) {
    OperationTimes operation;
    operation.durations.Add(1 + random() % 1000);
    for (size_t things = random() % 40; things > 0; --things) {
      operation.things[{.service = std::to_string(random() % 100)}].Add(1 + random() % 1000);
    }
    times.Add({"shop", std::to_string(random() % 2000)}, operation);
  }
  return times;
}

size_t SizeOf(const UsualTimes& times) {
  size_t size = 0;
  for (const auto& [root, operation] : times.operations()) size += 1 + operation.things.size();
  return size;
}

TEST(UsualTimes, KeepTheSameOfTooManyInAnyOrder) {
  for (uint64_t seed = 0; seed < base::TestRounds(10, 100); ++seed) {
    std::mt19937_64 random(seed);
    std::vector<UsualTimes> parts;
    UsualTimes whole;
    uint64_t traces = 0;
    for (int i = 0; i < 6; ++i) {
      parts.push_back(Many(random, 800));
      traces += 800;
      for (const auto& [root, times] : parts.back().operations()) whole.Add(root, times);
      if (i % 2 == 0) parts.back().Trim();
    }
    whole.Trim();
    ASSERT_GT(whole.left_out(), 0U);
    ASSERT_LE(SizeOf(whole), kMaxTimes);
    for (int order = 0; order < 3; ++order) {
      std::ranges::shuffle(parts, random);
      UsualTimes pair = parts[0], merged = parts[2];
      pair.Merge(parts[1]);
      merged.Merge(pair);
      for (size_t i = 3; i < parts.size(); ++i) merged.Merge(parts[i]);
      ASSERT_EQ(merged, whole) << seed;
    }
    uint64_t counted = whole.left_out();
    for (const auto& [root, times] : whole.operations()) counted += times.traces();
    EXPECT_EQ(counted, traces);
  }
}

TEST(UsualTimes, KeepAThousandThingsOfAnOperation) {
  UsualTimes one, other;
  for (UsualTimes* times : {&one, &other}) {
    OperationTimes operation;
    operation.durations.Add(1);
    for (int i = 0; i < 1500; ++i) operation.things[{.operation = std::to_string(i)}].Add(7);
    times->Add({"shop", "GET"}, operation);
  }
  one.Trim();
  one.Merge(other);
  other.Merge(other);
  EXPECT_EQ(one, other);
  EXPECT_EQ(one.Find({"shop", "GET"})->things.size(), kMaxTimesOfOperation);
}

TEST(UsualTimes, CutTextsThatAreTooLong) {
  EXPECT_EQ(KeptText(std::string(1000, 'x')).size(), kMaxTextBytes);
}

}  // namespace
}  // namespace clew::derive
