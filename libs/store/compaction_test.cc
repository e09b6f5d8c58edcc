// SPDX-License-Identifier: Apache-2.0
#include "store/compaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
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

TEST_F(CompactionTest, CountsTheFlushedBlocksThatWaitForAMerge) {
  for (int i = 0; i < 3; ++i) Add("a" + std::to_string(i), kHour + i);
  EXPECT_THAT(CountUnmerged(state_, kHour, {.fan_in = 4}), IsEmpty());
  for (int i = 3; i < 9; ++i) Add("a" + std::to_string(i), kHour + i);
  Add("merged", kHour + 9, 1);
  Add("b", 3 * kHour, 0, 100, "alone");
  const CompactionLimits limits{.fan_in = 4, .max_fan_in = 4};
  EXPECT_THAT(CountUnmerged(state_, kHour, limits), ElementsAre(Pair("t", 8)));
  EXPECT_THAT(CountUnmerged(state_, 9 * kHour, limits), ElementsAre(Pair("t", 9)));
  // What is too large to be merged with anything never waits.
  EXPECT_THAT(CountUnmerged(state_, 9 * kHour, {.max_spans = 150}), IsEmpty());
}

TEST_F(CompactionTest, DropsWhatIsOldAndTheOldestBeyondTheSize) {
  for (int i = 1; i <= 5; ++i) Add("a" + std::to_string(i), i * kHour);
  EXPECT_THAT(PlanRetention(state_, 5 * kHour, {}), IsEmpty());
  EXPECT_THAT(PlanRetention(state_, 5 * kHour, {.max_age_ns = 2 * kHour}), ElementsAre("a1", "a2"));
  EXPECT_THAT(PlanRetention(state_, 5 * kHour, {.max_bytes = 15'000}), ElementsAre("a1", "a2"));
  EXPECT_THAT(PlanRetention(state_, 5 * kHour, {.max_bytes = 1}), SizeIs(5));
}

// What is on the disk for a while only counts as what stays there.
TEST_F(CompactionTest, FilesThatAreStillReadTakeRoomFromTheBlocks) {
  for (int i = 1; i <= 5; ++i) Add("a" + std::to_string(i), i * kHour);
  const RetentionLimits limits{.max_bytes = 25'000};
  EXPECT_THAT(PlanRetention(state_, 5 * kHour, limits, 0), IsEmpty());
  EXPECT_THAT(PlanRetention(state_, 5 * kHour, limits, 1), ElementsAre("a1"));
  EXPECT_THAT(PlanRetention(state_, 5 * kHour, limits, 5'001), ElementsAre("a1", "a2"));
  EXPECT_THAT(PlanRetention(state_, 5 * kHour, {.max_age_ns = 9 * kHour}, 1'000'000), IsEmpty());
}

TEST(MergePacing, RestsTwiceAsLongAsItWorkedAndLooksAroundWhenNothingIsLeft) {
  using std::chrono::milliseconds;
  EXPECT_EQ(RestAfter(milliseconds(300), false, milliseconds(1000)), milliseconds(600));
  EXPECT_EQ(RestAfter(milliseconds(0), false, milliseconds(1000)), milliseconds(0));
  EXPECT_EQ(RestAfter(milliseconds(300), true, milliseconds(1000)), milliseconds(1000));
  EXPECT_EQ(RestAfter(milliseconds(700), true, milliseconds(1000)), milliseconds(1400));
}

// Keeps something for five hours.
class FiveHours final : public KeepRule {
 public:
  base::Result<Selection> Select(const std::vector<std::shared_ptr<const Block>>&, const Sources&,
                                 const std::stop_token&) const override {
    return Selection();
  }
  int64_t longest_ns() const override { return 5 * kHour; }
};

TEST_F(CompactionTest, WhatARuleMayKeepExpiresByWindowsAndIsNotDroppedBefore) {
  const RetentionLimits retention{.max_age_ns = 2 * kHour, .keep = std::make_shared<FiveHours>()};
  Add("a1", kHour + 1);
  Add("a2", kHour + 2, 1);
  Add("other", kHour + 3, 0, 100, "u");
  Add("b", 2 * kHour + 1);
  const int64_t over = 4 * kHour + kWindowGraceNanos;
  EXPECT_FALSE(PlanExpiry(state_, over - 1, retention, {}, {}));
  EXPECT_THAT(PlanExpiry(state_, over, retention, {}, {})->blocks, ElementsAre("a1", "a2"));
  EXPECT_THAT(PlanExpiry(state_, over, retention, {.max_spans = 150}, {})->blocks,
              ElementsAre("a1"));
  EXPECT_THAT(PlanExpiry(state_, over, retention, {.max_spans = 1}, {})->blocks, ElementsAre("a1"));
  EXPECT_THAT(PlanExpiry(state_, over, retention, {}, {"a1"})->blocks, ElementsAre("a2"));
  EXPECT_EQ(PlanExpiry(state_, over, retention, {}, {"a1", "a2"})->tenant, "u");
  EXPECT_FALSE(PlanExpiry(state_, 100 * kHour, {.max_age_ns = 2 * kHour}, {}, {}));
  // What the rule never saw, because it is damaged or nobody was there, goes with the last.
  EXPECT_THAT(PlanRetention(state_, 6 * kHour + 1, retention), IsEmpty());
  EXPECT_THAT(PlanRetention(state_, 6 * kHour + 2, retention), ElementsAre("a1"));
}

TEST_F(CompactionTest, WhatIsKeptGoesAtItsOwnTimeAndNotBeforeTheRest) {
  state_.Apply({.added = {{.tenant = "t",
                           .id = "kept",
                           .level = kMergedForGood,
                           .received_unix_nano = kHour,
                           .keep_until_unix_nano = 6 * kHour}}});
  Add("b", kHour + 1);
  const RetentionLimits retention{.max_age_ns = 2 * kHour, .keep = std::make_shared<FiveHours>()};
  EXPECT_THAT(PlanExpiry(state_, 5 * kHour, retention, {}, {})->blocks, ElementsAre("b"));
  EXPECT_FALSE(PlanMerge(state_, 100 * kHour, {}));
  EXPECT_THAT(PlanRetention(state_, 6 * kHour, retention), IsEmpty());
  EXPECT_THAT(PlanRetention(state_, 6 * kHour + 1, {.max_age_ns = 2 * kHour}),
              ElementsAre("kept", "b"));
  // A retention that is longer by now holds for it too.
  EXPECT_THAT(PlanRetention(state_, 7 * kHour, {.max_age_ns = 9 * kHour}), IsEmpty());
  EXPECT_THAT(PlanRetention(state_, 100 * kHour, {}), IsEmpty());
}

TEST_F(CompactionTest, DamagedBlocksKeepOthersFromNothing) {
  for (int i = 0; i < 5; ++i) Add("a" + std::to_string(i), kHour + i);
  const BlockIds damaged = {"a0", "a2"};
  EXPECT_THAT(PlanMerge(state_, kHour + 9, {.fan_in = 3}, damaged)->blocks,
              ElementsAre("a1", "a3", "a4"));
  EXPECT_FALSE(PlanMerge(state_, kHour + 9, {.fan_in = 4}, damaged));
  EXPECT_THAT(CountUnmerged(state_, kHour + 9, {.fan_in = 3}, damaged), ElementsAre(Pair("t", 3)));
}

// A day of flushes with their merges, all of which are done as soon as they are planned.
class CompactionDay {
 public:
  CompactionDay(int64_t flush_every_ns, uint64_t spans) {
    for (int64_t now = kHour; now < 25 * kHour; now += flush_every_ns) {
      Write(MakeBlock(0, now, spans));
      flushed_spans_ += spans;
      MergeAll(now);
    }
    MergeAll(27 * kHour);
  }

  uint64_t live_blocks() const { return state_.blocks().size(); }
  uint64_t most_blocks() const { return most_blocks_; }
  // How often the spans were written, at the most, and all together by their number.
  int most_writes() const { return most_writes_; }
  double amplification() const {
    return static_cast<double>(written_spans_) / static_cast<double>(flushed_spans_);
  }
  bool WasWithinLimits() const { return within_limits_; }

 private:
  CatalogBlock MakeBlock(uint32_t level, int64_t received, uint64_t spans) {
    return {.tenant = "t",
            .id = std::to_string(1'000'000 + next_++),
            .level = level,
            .spans = spans,
            .received_unix_nano = received,
            .objects = {{"spans.parquet", spans * 40, {}}}};
  }

  void Write(const CatalogBlock& block, int writes = 1) {
    written_spans_ += block.spans;
    most_writes_ = std::max(most_writes_, writes);
    writes_[block.id] = writes;
    state_.Apply({.added = {block}});
    most_blocks_ = std::max(most_blocks_, live_blocks());
  }

  void MergeAll(int64_t now) {
    while (const auto plan = PlanMerge(state_, now, limits_)) {
      CatalogBlock merged = MakeBlock(plan->level, 0, 0);
      int writes = 0;
      std::set<int64_t> windows;
      for (const std::string& id : plan->blocks) {
        const CatalogBlock& block = state_.blocks().at(id);
        merged.spans += block.spans;
        merged.received_unix_nano = std::max(merged.received_unix_nano, block.received_unix_nano);
        writes = std::max(writes, writes_.at(id));
        windows.insert(block.received_unix_nano / kWindowNanos);
      }
      merged.objects[0].size_bytes = merged.spans * 40;
      within_limits_ = within_limits_ && windows.size() == 1 && plan->blocks.size() > 1 &&
                       merged.spans <= limits_.max_spans &&
                       merged.size_bytes() <= limits_.max_bytes;
      state_.Apply({.removed = plan->blocks});
      Write(merged, writes + 1);
    }
  }

  const CompactionLimits limits_;
  CatalogState state_;
  std::map<std::string, int> writes_;  // by id, of the spans in it
  uint64_t next_ = 0, most_blocks_ = 0, flushed_spans_ = 0, written_spans_ = 0;
  int most_writes_ = 0;
  bool within_limits_ = true;
};

struct Rate {
  int64_t flush_every_ns;
  uint64_t spans;  // of a flush
  uint64_t most_blocks;
};

class CompactionRate : public testing::TestWithParam<Rate> {};

TEST_P(CompactionRate, WritesNothingMoreThanThreeTimesAndKeepsFewBlocks) {
  const CompactionDay day(GetParam().flush_every_ns, GetParam().spans);
  EXPECT_TRUE(day.WasWithinLimits());
  EXPECT_LE(day.most_writes(), 3);
  EXPECT_LE(day.amplification(), 3.0);
  EXPECT_LE(day.most_blocks(), GetParam().most_blocks);
}

constexpr int64_t kSecond = 1'000'000'000;
INSTANTIATE_TEST_SUITE_P(
    Rates, CompactionRate,
    testing::Values(Rate{.flush_every_ns = 7 * kSecond, .spans = 350'000, .most_blocks = 600},
                    Rate{.flush_every_ns = 7 * kSecond, .spans = 1'000, .most_blocks = 150},
                    Rate{.flush_every_ns = 60 * kSecond, .spans = 350'000, .most_blocks = 90},
                    Rate{.flush_every_ns = 600 * kSecond, .spans = 350'000, .most_blocks = 32},
                    Rate{.flush_every_ns = 1800 * kSecond, .spans = 10'000, .most_blocks = 28},
                    // Eight of them are nearly as large as a block may be.
                    Rate{.flush_every_ns = 60 * kSecond, .spans = 1'200'000, .most_blocks = 330},
                    Rate{.flush_every_ns = 3700 * kSecond, .spans = 350'000, .most_blocks = 25},
                    Rate{.flush_every_ns = 60 * kSecond, .spans = 9'000'000, .most_blocks = 1440}),
    [](const auto& rate) {
      return "Every" + std::to_string(rate.param.flush_every_ns / kSecond) + "SecondsOf" +
             std::to_string(rate.param.spans);
    });

TEST_F(CompactionTest, ABlockThatIsTooLargeDoesNotKeepOthersFromBeingMerged) {
  Add("a-large", kHour, 1, 900);
  Add("b", kHour + 1);
  Add("c", kHour + 2);
  EXPECT_THAT(PlanMerge(state_, 9 * kHour, {.max_spans = 950})->blocks, ElementsAre("b", "c"));
}

TEST_F(CompactionTest, AClosedWindowOfOneBlockIsLeftAsItIs) {
  Add("m", kHour, 1);
  EXPECT_FALSE(PlanMerge(state_, 9 * kHour, {}));
  Add("f", 3 * kHour, 0);
  EXPECT_FALSE(PlanMerge(state_, 9 * kHour, {}));
}

}  // namespace
}  // namespace clew::store
