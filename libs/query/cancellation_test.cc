// SPDX-License-Identifier: Apache-2.0
#include "query/cancellation.h"

#include <gtest/gtest.h>

#include <stop_token>

namespace clew::query {
namespace {

TEST(Cancellation, IsSeenWithinSomeThousandRows) {
  std::stop_source waiting;
  Cancellation cancellation(waiting.get_token());
  EXPECT_FALSE(cancellation.CancelledAfterRow());
  waiting.request_stop();
  uint32_t rows = 1;
  while (!cancellation.CancelledAfterRow() && rows <= kRowsBetweenLooks) ++rows;
  EXPECT_LT(rows, kRowsBetweenLooks);
  EXPECT_TRUE(cancellation.CancelledAfterRow());
}

TEST(Cancellation, OfWhatWasCancelledBeforeIsSeenAtOnce) {
  std::stop_source waiting;
  waiting.request_stop();
  Cancellation cancellation(waiting.get_token());
  EXPECT_TRUE(cancellation.CancelledAfterRow());
}

TEST(Cancellation, WithoutATokenNeverComes) {
  Cancellation cancellation({});
  EXPECT_FALSE(cancellation.Look());
}

}  // namespace
}  // namespace clew::query
