// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/durations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace clew::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Slowest, AreTheLongestOnesOfEqualOnesTheFirst) {
  const uint64_t nanos[] = {30, 90, 10, 90, 50};
  EXPECT_THAT(Slowest(nanos, 3), ElementsAre(1, 3, 4));
  EXPECT_THAT(Slowest(nanos, 9), ElementsAre(1, 3, 4, 0, 2));
  EXPECT_THAT(Slowest({}, 3), IsEmpty());
}

TEST(MostTypical, AreThoseNearestToTheMedian) {
  const uint64_t nanos[] = {1000, 52, 10, 50, 47};
  EXPECT_THAT(MostTypical(nanos, 3), ElementsAre(3, 1, 4));
  EXPECT_THAT(MostTypical({}, 3), IsEmpty());
}

TEST(BinsOf, CountsEveryTraceOfBothSetsOnce) {
  const uint64_t set[] = {1000, 1000, 900}, baseline[] = {10, 0, 12, 900};
  const DurationBins bins = BinsOf(set, baseline);
  EXPECT_EQ(bins.from_ns, 1U);
  EXPECT_EQ(bins.to_ns, 1000U);
  EXPECT_EQ(std::accumulate(bins.set.begin(), bins.set.end(), uint64_t{0}), 3U);
  EXPECT_EQ(std::accumulate(bins.baseline.begin(), bins.baseline.end(), uint64_t{0}), 4U);
  // 10 is a third of the way from 1 to 1000.
  EXPECT_EQ(bins.baseline[0], 1U);
  EXPECT_EQ(bins.baseline[DurationBins::kBins / 3] + bins.baseline[DurationBins::kBins / 3 - 1],
            2U);
  EXPECT_EQ(bins.set.back(), 3U);
}

TEST(BinsOf, OfOneDurationAndOfNoneAreNoBinsOutside) {
  const uint64_t same[] = {70, 70};
  EXPECT_EQ(BinsOf(same, {}).set[DurationBins::kBins / 2], 2U);
  EXPECT_EQ(BinsOf({}, {}).to_ns, 0U);
}

}  // namespace
}  // namespace clew::ledger
