// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/test_effort.h"

namespace clew::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr uint32_t kPlanted = 100;
constexpr uint32_t kYes = 1, kNo = 0;

// Slow traces and others with 200 attributes: 20 ids, 20 copies of one that is planted or not, 10
// that follow from the duration, and 150 of up to 30 values at random, some of them often absent.
struct Traces {
  std::vector<TraceAttributes> slow, rest;

  explicit Traces(uint64_t seed, bool planted) : random_(seed) {
    for (int i = 0; i < 120; ++i) slow.push_back(Make(2'000'000'000, planted ? 0.6 : 0.1));
    for (int i = 0; i < 480; ++i) rest.push_back(Make(200'000'000, planted ? 0.05 : 0.1));
  }

 private:
  double Draw() { return std::uniform_real_distribution<>(0, 1)(random_); }

  TraceAttributes Make(double typical_nanos, double share) {
    TraceAttributes trace;
    trace.nanos = static_cast<uint64_t>(typical_nanos * (0.5 + Draw()));
    const auto add = [&](uint32_t key, uint64_t value) {
      trace.attributes.push_back({key, static_cast<uint32_t>(value)});
    };
    for (uint32_t key = 0; key < 20; ++key) add(key, random_() % 1'000'000'000);
    for (uint32_t key = 20; key < 30; ++key) add(key, trace.nanos / (uint64_t{key} * 10'000'000));
    for (uint32_t key = 30; key < 100; ++key) add(key, random_() % (2 + key % 29));
    const bool has = Draw() < share;
    for (uint32_t key = kPlanted; key < kPlanted + 20; ++key) add(key, has ? kYes : kNo);
    for (uint32_t key = 120; key < 200; ++key) {
      if (Draw() < 0.5) add(key, random_() % 5);
    }
    return trace;
  }

  std::mt19937_64 random_;
};

const uint64_t kSeeds = base::TestRounds(100, 1000);

TEST(CompareAttributes, ThePlantedOneComesFirstInNearlyAllSeeds) {
  uint64_t first = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Traces traces(seed, true);
    const AttributeComparison comparison = CompareAttributes(traces.slow, traces.rest);
    if (comparison.associations.empty()) continue;
    const Association& top = comparison.associations.front();
    first += top.attribute == Attribute{kPlanted, kYes} && top.copies.size() == 19;
  }
  EXPECT_GE(first, kSeeds * 95 / 100);
}

TEST(CompareAttributes, NothingPlantedIsAnEmptyListInNearlyAllSeeds) {
  uint64_t empty = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Traces traces(1000 + seed, false);
    empty += CompareAttributes(traces.slow, traces.rest).associations.empty();
  }
  EXPECT_GE(empty, kSeeds * 95 / 100);
}

TEST(CompareAttributes, FoldsIdentifiersAndWhatFollowsFromTheDuration) {
  const Traces traces(1, true);
  const AttributeComparison comparison = CompareAttributes(traces.slow, traces.rest);
  EXPECT_EQ(comparison.identifiers.size(), 20U);
  EXPECT_THAT(comparison.restatements, ElementsAre(20, 21, 22, 23, 24, 25, 26, 27, 28, 29));
}

// A trace of `nanos` whose attribute 7 is `value`; kNone: it has none.
TraceAttributes With(uint64_t nanos, uint32_t value) {
  TraceAttributes trace{.nanos = nanos};
  if (value != kNone) trace.attributes.push_back({7, value});
  return trace;
}

TEST(CompareAttributes, AbsenceIsAValue) {
  std::vector<TraceAttributes> slow(20, With(900, kNone)), rest(40, With(100, 3));
  slow.push_back(With(900, 3));
  const AttributeComparison comparison = CompareAttributes(slow, rest);
  ASSERT_EQ(comparison.associations.size(), 1U);
  EXPECT_EQ(comparison.associations[0].attribute, (Attribute{7, kNone}));
}

TEST(CompareAttributes, WhatEveryTraceHasIsNoReason) {
  const std::vector<TraceAttributes> slow(20, With(900, 3)), rest(40, With(100, 3));
  EXPECT_THAT(CompareAttributes(slow, rest).associations, IsEmpty());
}

TEST(CompareAttributes, ExplainsTheShareOfTheExcessInItsTraces) {
  std::vector<TraceAttributes> slow(30, With(1100, 1)), rest(100, With(100, 2));
  slow.insert(slow.end(), 10, With(1100, 2));
  const AttributeComparison comparison = CompareAttributes(slow, rest);
  ASSERT_EQ(comparison.associations.size(), 1U);
  EXPECT_DOUBLE_EQ(comparison.associations[0].explained, 0.75);
  EXPECT_EQ(comparison.associations[0].set.with, 30U);
  EXPECT_EQ(comparison.associations[0].rest.with, 0U);
}

TEST(CompareAttributes, LeavesOutWhatTheSetWasSelectedBy) {
  const std::vector<TraceAttributes> slow(20, With(900, 1)), rest(40, With(100, 2));
  const uint32_t selected_by[] = {7};
  EXPECT_THAT(CompareAttributes(slow, rest, selected_by).associations, IsEmpty());
}

TEST(CompareAttributes, WhatATraceHasSeveralOfDoesNotFollowFromItsDuration) {
  const auto trace = [](uint64_t nanos, uint32_t more) {
    TraceAttributes made = With(nanos, 1);
    for (const uint32_t value : {2u, 3u, more}) made.attributes.push_back({7, value});
    return made;
  };
  const std::vector<TraceAttributes> slow(20, trace(900, 5)), rest(40, trace(100, 4));
  const AttributeComparison comparison = CompareAttributes(slow, rest);
  EXPECT_THAT(comparison.restatements, IsEmpty());
  ASSERT_EQ(comparison.associations.size(), 1U);
  EXPECT_EQ(comparison.associations[0].attribute, (Attribute{7, 5}));
}

TEST(CompareAttributes, OfNothingIsNothing) {
  EXPECT_THAT(CompareAttributes({}, {}).associations, IsEmpty());
}

}  // namespace
}  // namespace clew::ledger
