// SPDX-License-Identifier: Apache-2.0
#include "net/body_budget.h"

#include <gtest/gtest.h>

#include <memory>

#include "net/limits.h"

namespace clew::net {
namespace {

// A body that waits for its client, as an exchange would have it.
class Waiter final : public WaitingBody {
 public:
  explicit Waiter(HeldBody& body) : WaitingBody(body) {}
  bool told() const { return told_; }

 private:
  void OnGaveWay() override { told_ = true; }
  bool told_ = false;
};

class BodyBudgetTest : public testing::Test {
 protected:
  EventLoop loop_;
  BodyBudget budget_{1000};
  BodiesOfLoop& bodies_ = budget_.OnLoop(loop_);
};

TEST_F(BodyBudgetTest, HasRoomUpToItsLimitAndAgainWhenABodyHasGone) {
  HeldBody kept(&bodies_);
  EXPECT_TRUE(kept.Grow(400));
  {
    HeldBody body(&bodies_);
    EXPECT_TRUE(body.Grow(600));
    EXPECT_FALSE(body.Grow(1));
    EXPECT_EQ(body.error().code, base::ErrorCode::kExhausted);
    EXPECT_EQ(budget_.counters().held_bytes, 1000u);
  }
  EXPECT_TRUE(kept.Grow(600));
  EXPECT_EQ(budget_.counters().refused_bodies, 1u);
}

TEST_F(BodyBudgetTest, IsOneForAllLoops) {
  EventLoop other;
  HeldBody here(&bodies_);
  HeldBody there(&budget_.OnLoop(other));
  EXPECT_TRUE(here.Grow(600));
  EXPECT_FALSE(there.Grow(600));
  EXPECT_TRUE(there.Grow(400));
}

TEST_F(BodyBudgetTest, WhoWaitsLongestGivesWay) {
  HeldBody first(&bodies_);
  HeldBody second(&bodies_);
  ASSERT_TRUE(first.Grow(200) && second.Grow(200));
  const Waiter longest(first);
  const Waiter shorter(second);
  HeldBody body(&bodies_);
  EXPECT_TRUE(body.Grow(700));
  EXPECT_TRUE(longest.told());
  EXPECT_TRUE(first.gave_way());
  EXPECT_FALSE(first.Grow(1));
  EXPECT_FALSE(shorter.told());
  EXPECT_EQ(budget_.counters().given_way_bodies, 1u);
  EXPECT_EQ(budget_.counters().held_bytes, 1100u) << "it is in memory until it has gone";
}

TEST_F(BodyBudgetTest, WhoHasJustSentSomethingWaitsAnew) {
  HeldBody first(&bodies_);
  HeldBody second(&bodies_);
  ASSERT_TRUE(first.Grow(200) && second.Grow(200));
  const Waiter moving(first);
  const Waiter silent(second);
  EXPECT_TRUE(first.Grow(500));
  EXPECT_TRUE(first.Grow(200)) << "not at its own cost";
  EXPECT_FALSE(moving.told());
  EXPECT_TRUE(silent.told());
}

TEST_F(BodyBudgetTest, NobodyGivesWayInVain) {
  HeldBody waits(&bodies_);
  HeldBody works(&bodies_);
  ASSERT_TRUE(waits.Grow(300) && works.Grow(600));
  const Waiter waiter(waits);
  HeldBody body(&bodies_);
  EXPECT_FALSE(body.Grow(500)) << "without who waits there is room for 400";
  EXPECT_FALSE(waiter.told());
}

TEST_F(BodyBudgetTest, WhatHasNotGoneYetHasALimitToo) {
  HeldBody slow(&bodies_);
  ASSERT_TRUE(slow.Grow(1000));
  const Waiter waiter(slow);
  HeldBody body(&bodies_);
  EXPECT_FALSE(body.Grow(251)) << "1000 and a quarter of it";
  EXPECT_TRUE(body.Grow(250));
  EXPECT_TRUE(waiter.told());
  EXPECT_FALSE(body.Grow(1));
}

TEST_F(BodyBudgetTest, GivesBackWhatGaveWay) {
  auto slow = std::make_unique<HeldBody>(&bodies_);
  ASSERT_TRUE(slow->Grow(1000));
  auto waiter = std::make_unique<Waiter>(*slow);
  HeldBody body(&bodies_);
  EXPECT_TRUE(body.Grow(250));
  waiter.reset();
  slow.reset();
  EXPECT_EQ(budget_.counters().held_bytes, 250u);
  EXPECT_TRUE(body.Grow(750));
}

TEST_F(BodyBudgetTest, LargeBodiesDoNotKeepSmallOnesOut) {
  BodyBudget budget(size_t{8} << 20);
  HeldBody large(&budget.OnLoop(loop_));
  HeldBody small(&budget.OnLoop(loop_));
  EXPECT_FALSE(large.Grow((size_t{7} << 20) + 1));
  EXPECT_TRUE(large.Grow(size_t{7} << 20));
  EXPECT_FALSE(large.Grow(1));
  EXPECT_TRUE(small.Grow(kSmallBodyBytes));
  EXPECT_FALSE(small.Grow(1)) << "it is a large one now";
}

TEST_F(BodyBudgetTest, WithoutABudgetThereIsNoLimit) {
  HeldBody body(nullptr);
  const Waiter waiter(body);
  EXPECT_TRUE(body.Grow(UINT64_MAX));
}

}  // namespace
}  // namespace clew::net
