// SPDX-License-Identifier: Apache-2.0
#include "serve/query_limits.h"

#include <gtest/gtest.h>

namespace clew::serve {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(DurationText, IsWholeInItsUnit) {
  EXPECT_EQ(DurationText(nanoseconds(0)), "0 s");
  EXPECT_EQ(DurationText(seconds(60)), "60 s");
  EXPECT_EQ(DurationText(milliseconds(1500)), "1500 ms");
  EXPECT_EQ(DurationText(microseconds(200)), "200 µs");
  EXPECT_EQ(DurationText(nanoseconds(1000001)), "1000001 ns");
}

TEST(QueryLimits, ErrorsNameTheLimit) {
  QueryLimits limits;
  limits.timeout = microseconds(500);
  limits.queue_wait = nanoseconds(1);
  EXPECT_EQ(TookTooLong(limits).message,
            "query took longer than its time limit of 500 µs; narrow the filter or the time range");
  EXPECT_TRUE(
      WaitedTooLong(limits).message.starts_with("query waited longer than 1 ns for its turn"));
}

}  // namespace
}  // namespace clew::serve
