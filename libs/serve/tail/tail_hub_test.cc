// SPDX-License-Identifier: Apache-2.0
#include "serve/tail/tail_hub.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "serve/limits.h"

namespace clew::serve {
namespace {

ingest::IngestRequest BodyOf(size_t bytes) {
  return {.format = wire::Format::kOtlpProtobuf,
          .encoding = wire::ContentEncoding::kIdentity,
          .body = std::string(bytes, 'x')};
}

TEST(TailHub, WhoFollowsGetsWhatIsStoredFromThenOn) {
  TailHub hub;
  hub.OnStored(BodyOf(1), 1);
  const std::shared_ptr<TailQueue> queue = hub.Follow();
  hub.OnStored(BodyOf(2), 2);
  hub.OnStored(BodyOf(3), 3);
  const TailQueue::Taken taken = queue->Take();
  ASSERT_EQ(taken.bodies.size(), 2U);
  EXPECT_EQ(taken.bodies[0]->spans, 2U);
  EXPECT_EQ(taken.bodies[1]->request.body, "xxx");
  EXPECT_TRUE(queue->Take().empty());
}

TEST(TailHub, WhatFindsNoRoomIsCountedUntilItIsTold) {
  TailHub hub;
  const std::shared_ptr<TailQueue> slow = hub.Follow();
  const std::shared_ptr<TailQueue> quick = hub.Follow();
  hub.OnStored(BodyOf(kMaxTailBytes - 10), 7);
  EXPECT_EQ(quick->Take().bodies.size(), 1U);
  hub.OnStored(BodyOf(11), 5);
  hub.OnStored(BodyOf(10), 3);
  const TailQueue::Taken of_slow = slow->Take();
  EXPECT_EQ(of_slow.bodies.size(), 2U);
  EXPECT_EQ(of_slow.skipped_spans, 5U);
  EXPECT_EQ(quick->Take().skipped_spans, 0U);
  hub.OnStored(BodyOf(kMaxTailBytes), 1);
  EXPECT_EQ(slow->Take().skipped_spans, 0U);
}

TEST(TailHub, ThereIsAnEndToThemAndWhoLeavesMakesRoom) {
  TailHub hub;
  std::vector<std::shared_ptr<TailQueue>> queues;
  queues.reserve(kMaxTails);
  for (size_t i = 0; i < kMaxTails; ++i) queues.push_back(hub.Follow());
  EXPECT_EQ(hub.Follow(), nullptr);
  queues.pop_back();
  EXPECT_NE(hub.Follow(), nullptr);
}

}  // namespace
}  // namespace clew::serve
