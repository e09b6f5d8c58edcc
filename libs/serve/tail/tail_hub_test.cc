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
  const std::shared_ptr<TailQueue> queue = hub.Follow("single-tenant");
  hub.OnStored(BodyOf(2), 2);
  hub.OnStored(BodyOf(3), 3);
  const TailQueue::Taken taken = queue->Take();
  ASSERT_EQ(taken.bodies.size(), 2U);
  EXPECT_EQ(taken.bodies[0]->spans, 2U);
  EXPECT_EQ(taken.bodies[1]->request.body, "xxx");
  EXPECT_TRUE(queue->Take().empty());
}

TEST(TailHub, NobodyHearsOfAnotherTenant) {
  TailHub hub;
  const std::shared_ptr<TailQueue> shop = hub.Follow("shop");
  const std::shared_ptr<TailQueue> warehouse = hub.Follow("warehouse");
  ingest::IngestRequest body = BodyOf(1);
  body.tenant = "shop";
  hub.OnStored(body, 1);
  EXPECT_EQ(shop->Take().bodies.size(), 1U);
  EXPECT_TRUE(warehouse->Take().empty());
}

TEST(TailHub, WhatFindsNoRoomIsCountedUntilItIsTold) {
  TailHub hub;
  const std::shared_ptr<TailQueue> slow = hub.Follow("single-tenant");
  const std::shared_ptr<TailQueue> quick = hub.Follow("single-tenant");
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
  for (size_t i = 0; i < kMaxTails; ++i) queues.push_back(hub.Follow("single-tenant"));
  EXPECT_EQ(hub.Follow("single-tenant"), nullptr);
  queues.pop_back();
  EXPECT_NE(hub.Follow("single-tenant"), nullptr);
}

}  // namespace
}  // namespace clew::serve
