// SPDX-License-Identifier: Apache-2.0
#include "store/compaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace clew::store {
namespace {

constexpr int64_t kHour = kWindowNanos;

class CompactionTest : public testing::Test {
 protected:
  void Add(const std::string& id, int64_t received, uint32_t level = 0, uint64_t spans = 100,
           const std::string& tenant = "t") {
    state_.Apply({.added = {{.tenant = tenant,
                             .id = id,
                             .level = level,
                             .spans = spans,
                             .received_unix_nano = received,
                             .objects = {{"spans.parquet", spans * 50, {}}}}}});
  }
  CatalogState state_;
};

TEST_F(CompactionTest, MergesFlushedBlocksOnceThereAreEnough) {
  for (int i = 0; i < 3; ++i) Add("a" + std::to_string(i), kHour + i);
  EXPECT_FALSE(PlanMerge(state_, kHour + 10, {.fan_in = 4}));
  Add("a3", kHour + 3);
  Add("b", kHour + 4, 0, 100, "other");
  const auto plan = PlanMerge(state_, kHour + 10, {.fan_in = 4});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->tenant, "t");
  EXPECT_EQ(plan->level, 1u);
  EXPECT_THAT(plan->blocks, ElementsAre("a0", "a1", "a2", "a3"));
}

TEST_F(CompactionTest, DoesNotMergeAgainBeforeTheWindowIsOver) {
  for (int i = 0; i < 9; ++i) Add("m" + std::to_string(i), kHour + i, 1);
  Add("f", kHour + 20);
  EXPECT_FALSE(PlanMerge(state_, kHour + 100, {.fan_in = 4}));
  const auto plan = PlanMerge(state_, 2 * kHour + kWindowGraceNanos, {.fan_in = 4});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->level, 2u);
  EXPECT_THAT(plan->blocks, SizeIs(10));
}

TEST_F(CompactionTest, LeavesWhatIsMergedForGoodAndKeepsWindowsApart) {
  Add("a", kHour, 2);
  Add("b", kHour + 1, 2);
  Add("c", 2 * kHour, 0);
  Add("d", 3 * kHour, 0);
  EXPECT_FALSE(PlanMerge(state_, 100 * kHour, {}));
}

TEST_F(CompactionTest, KeepsToItsLimits) {
  for (int i = 0; i < 40; ++i) Add("a" + std::to_string(10 + i), kHour + i);
  EXPECT_THAT(PlanMerge(state_, kHour, {})->blocks, SizeIs(32));
  EXPECT_THAT(PlanMerge(state_, kHour, {.fan_in = 2, .max_spans = 350})->blocks, SizeIs(3));
  EXPECT_THAT(PlanMerge(state_, kHour, {.fan_in = 2, .max_bytes = 25'000})->blocks, SizeIs(5));
  // What is too large to be merged with anything stays as it is.
  EXPECT_FALSE(PlanMerge(state_, kHour, {.fan_in = 2, .max_spans = 150}));
}

TEST_F(CompactionTest, DropsWhatIsOldAndTheOldestBeyondTheSize) {
  for (int i = 1; i <= 5; ++i) Add("a" + std::to_string(i), i * kHour);
  EXPECT_THAT(PlanRetention(state_, 5 * kHour, {}), IsEmpty());
  EXPECT_THAT(PlanRetention(state_, 5 * kHour, {.max_age_ns = 2 * kHour}), ElementsAre("a1", "a2"));
  EXPECT_THAT(PlanRetention(state_, 5 * kHour, {.max_bytes = 15'000}), ElementsAre("a1", "a2"));
  EXPECT_THAT(PlanRetention(state_, 5 * kHour, {.max_bytes = 1}), SizeIs(5));
}

}  // namespace
}  // namespace clew::store
