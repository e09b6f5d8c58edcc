// SPDX-License-Identifier: Apache-2.0
#include "net/minimum_rate.h"

#include <gtest/gtest.h>

namespace clew::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(MinimumRate, GivesItsGraceAndASecondForEachKibibyte) {
  MinimumRate rate(seconds(10));
  EXPECT_EQ(rate.PatienceWithin(seconds(30)), seconds(10));
  rate.Waited(seconds(8));
  EXPECT_EQ(rate.PatienceWithin(seconds(30)), seconds(2));
  rate.Moved(2048);
  EXPECT_NEAR(static_cast<double>(rate.PatienceWithin(seconds(30)).count()), 4e9, 1e6);
}

TEST(MinimumRate, IsUsedUpByAByteASecond) {
  MinimumRate rate(seconds(10));
  for (int i = 0; i < 11; ++i) {
    rate.Waited(seconds(1));
    rate.Moved(1);
  }
  EXPECT_LT(rate.PatienceWithin(seconds(30)), milliseconds(0));
}

TEST(MinimumRate, NeverWaitsLongerThanAStall) {
  MinimumRate rate(seconds(10));
  rate.Moved(1 << 20);
  EXPECT_EQ(rate.PatienceWithin(seconds(30)), seconds(30));
}

TEST(MinimumRate, WithoutAGraceThereIsNone) {
  MinimumRate rate(milliseconds::max());
  rate.Waited(std::chrono::hours(1));
  EXPECT_EQ(rate.PatienceWithin(seconds(30)), seconds(30));
}

}  // namespace
}  // namespace clew::net
