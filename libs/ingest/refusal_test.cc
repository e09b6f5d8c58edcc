// SPDX-License-Identifier: Apache-2.0
#include "ingest/refusal.h"

#include <gtest/gtest.h>

#include "ingest/limits.h"

namespace clew::ingest {
namespace {

using std::chrono::milliseconds;

const base::Error kLater{base::ErrorCode::kExhausted, "later"};

TEST(Refusal, SaysHowLongToWaitInWholeSeconds) {
  EXPECT_EQ(RetryAfterSeconds({kLater, milliseconds(7001)}), 8);
  EXPECT_EQ(RetryAfterSeconds({kLater, milliseconds(7000)}), 7);
  EXPECT_EQ(RetryAfterSeconds({kLater, milliseconds(1)}), 1);
  EXPECT_EQ(RetryAfterSeconds({kLater, milliseconds(0)}), 1);
}

TEST(Refusal, NobodyIsToldToWaitForHours) {
  EXPECT_EQ(RetryAfterSeconds({kLater, std::chrono::hours(2)}), kMaxRetryAfterSeconds);
}

TEST(Refusal, WhereTheTimeIsNotKnownItIsTheUsualOne) {
  EXPECT_EQ(RetryAfterSeconds(kLater), kRetryAfterSeconds);
}

TEST(Refusal, WhatWillNotHelpIsNotToBeSentAgain) {
  EXPECT_EQ(RetryAfterSeconds(base::Error{base::ErrorCode::kTooLarge, "too large"}), std::nullopt);
}

}  // namespace
}  // namespace clew::ingest
