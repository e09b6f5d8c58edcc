// SPDX-License-Identifier: Apache-2.0
#include "serve/streaming/answer_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::serve {
namespace {

TEST(AnswerFeed, WakesOnceForAllThatWaits) {
  AnswerFeed feed;
  int woken = 0;
  feed.WakeBy([&](bool) { ++woken; });
  EXPECT_EQ(woken, 0);
  feed.Offer({"a"});
  feed.Offer({"b", "c"});
  EXPECT_EQ(woken, 1);
  const AnswerFeed::Taken taken = feed.Take();
  EXPECT_THAT(taken.messages, ElementsAre("a", "b", "c"));
  EXPECT_FALSE(taken.status.has_value());
}

TEST(AnswerFeed, WakesAtOnceWhenSomethingWaits) {
  AnswerFeed feed;
  feed.End({}, {});
  bool woken = false;
  feed.WakeBy([&](bool) { woken = true; });
  EXPECT_TRUE(woken);
  EXPECT_TRUE(feed.Take().status.has_value());
}

TEST(AnswerFeed, WhatNobodyTookGivesWayToTheWholeAnswer) {
  AnswerFeed feed;
  feed.Offer({"some"});
  feed.End({}, {"all"});
  EXPECT_THAT(feed.Take().messages, ElementsAre("all"));
  EXPECT_THAT(feed.Take().messages, IsEmpty());
}

// Its client may be slow to take it, until the time limit comes.
TEST(AnswerFeed, AnEndStaysWhatItIs) {
  AnswerFeed feed;
  feed.End({}, {"all"});
  feed.End({net::GrpcCode::kDeadlineExceeded, "too late", {}}, {});
  const AnswerFeed::Taken taken = feed.Take();
  EXPECT_THAT(taken.messages, ElementsAre("all"));
  EXPECT_EQ(taken.status->code, net::GrpcCode::kOk);
}

}  // namespace
}  // namespace clew::serve
