// SPDX-License-Identifier: Apache-2.0
#include "base/paced_warning.h"

#include <gtest/gtest.h>

namespace clew::base {
namespace {

TEST(PacedWarning, SaysTheFirstAtOnceAndThenHowManyMoreThereWere) {
  PacedWarning warning;
  const PacedWarning::TimePoint start{std::chrono::hours(1)};
  EXPECT_EQ(warning.LineAt(start, "bad"), "bad");
  EXPECT_EQ(warning.LineAt(start, "bad"), std::nullopt);
  EXPECT_EQ(warning.LineAt(start + PacedWarning::kInterval - std::chrono::nanoseconds(1), "bad"),
            std::nullopt);
  EXPECT_EQ(warning.LineAt(start + PacedWarning::kInterval, "worse"),
            "worse (and 2 more since the last such line)");
  EXPECT_EQ(warning.LineAt(start + 2 * PacedWarning::kInterval, "bad"), "bad");
}

}  // namespace
}  // namespace clew::base
