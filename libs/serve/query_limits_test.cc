// SPDX-License-Identifier: Apache-2.0
#include "serve/query_limits.h"

#include <gtest/gtest.h>

namespace clew::serve {
namespace {

using namespace std::chrono_literals;

TEST(DurationText, IsWholeInItsUnit) {
  EXPECT_EQ(DurationText(0ns), "0 s");
  EXPECT_EQ(DurationText(60s), "60 s");
  EXPECT_EQ(DurationText(1500ms), "1500 ms");
  EXPECT_EQ(DurationText(200us), "200 µs");
  EXPECT_EQ(DurationText(1000001ns), "1000001 ns");
}

TEST(QueryLimits, ErrorsNameTheLimit) {
  QueryLimits limits;
  limits.timeout = 500us;
  limits.queue_wait = 1ns;
  EXPECT_EQ(TookTooLong(limits).message,
            "query took longer than its time limit of 500 µs; narrow the filter or the time range");
  EXPECT_TRUE(
      WaitedTooLong(limits).message.starts_with("query waited longer than 1 ns for its turn"));
}

}  // namespace
}  // namespace clew::serve
