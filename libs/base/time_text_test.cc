// SPDX-License-Identifier: Apache-2.0
#include "base/time_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace clew::base {
namespace {

TEST(TimeText, HasAsManyDigitsAsItNeeds) {
  EXPECT_EQ(TimeText(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(TimeText(1'700'000'000'000'000'000), "2023-11-14T22:13:20Z");
  EXPECT_EQ(TimeText(1'700'000'000'250'000'000), "2023-11-14T22:13:20.25Z");
  EXPECT_EQ(TimeText(1'700'000'000'000'000'001), "2023-11-14T22:13:20.000000001Z");
}

TEST(TimeText, HoldsBefore1970AndAtBothEnds) {
  EXPECT_EQ(TimeText(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(TimeText(std::numeric_limits<int64_t>::max()), "2262-04-11T23:47:16.854775807Z");
  EXPECT_EQ(TimeText(std::numeric_limits<int64_t>::min()), "1677-09-21T00:12:43.145224192Z");
}

}  // namespace
}  // namespace clew::base
