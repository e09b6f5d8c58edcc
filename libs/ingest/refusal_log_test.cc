// SPDX-License-Identifier: Apache-2.0
#include "ingest/refusal_log.h"

#include <gtest/gtest.h>

namespace clew::ingest {
namespace {

TEST(RefusalLog, SaysTheFirstAtOnceAndThenHowManyMoreThereWere) {
  RefusalLog log;
  const RefusalLog::TimePoint start{std::chrono::hours(1)};
  EXPECT_EQ(log.LineAt(start, "bad"), "bad");
  EXPECT_EQ(log.LineAt(start, "bad"), std::nullopt);
  EXPECT_EQ(log.LineAt(start + kRefusalLogInterval - std::chrono::nanoseconds(1), "bad"),
            std::nullopt);
  EXPECT_EQ(log.LineAt(start + kRefusalLogInterval, "worse"),
            "worse (and 2 more since the last such line)");
  EXPECT_EQ(log.LineAt(start + 2 * kRefusalLogInterval, "bad"), "bad");
}

}  // namespace
}  // namespace clew::ingest
