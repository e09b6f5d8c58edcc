// SPDX-License-Identifier: Apache-2.0
#include "serve/fair_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace clew::serve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FairQueueTest : public testing::Test {
 protected:
  bool Push(const std::string& tenant, const std::string& name, bool may_be_refused = true) {
    FairQueue::Work work{.run = [this, name] { ran_.push_back(name); }};
    if (may_be_refused) work.refuse = [this, name] { refused_.push_back(name); };
    return queue_.TryPush(tenant, std::move(work));
  }
  // All that waits, in the order in which it runs.
  std::vector<std::string> RunAll() {
    queue_.Close();
    while (auto work = queue_.Pop()) work->run();
    return ran_;
  }

  FairQueue queue_{4};
  std::vector<std::string> ran_, refused_;
};

TEST_F(FairQueueTest, TenantsHaveTheirTurnsOneAfterTheOther) {
  EXPECT_TRUE(Push("a", "a1"));
  EXPECT_TRUE(Push("a", "a2"));
  EXPECT_TRUE(Push("a", "a3"));
  EXPECT_TRUE(Push("b", "b1"));
  EXPECT_THAT(RunAll(), ElementsAre("a1", "b1", "a2", "a3"));
}

TEST_F(FairQueueTest, WhoHasMostMakesWay) {
  for (const char* name : {"a1", "a2", "a3", "a4"}) EXPECT_TRUE(Push("a", name));
  EXPECT_FALSE(Push("a", "a5"));
  EXPECT_TRUE(Push("b", "b1"));
  EXPECT_TRUE(Push("b", "b2"));
  EXPECT_THAT(refused_, ElementsAre("a4", "a3"));
  EXPECT_FALSE(Push("b", "b3"));  // Both have as much.
  EXPECT_TRUE(Push("c", "c1"));
  EXPECT_EQ(refused_.size(), 3u);
  EXPECT_EQ(RunAll().size(), 4u);
}

TEST_F(FairQueueTest, WhatIsPartOfAnAnswerIsNotRefused) {
  EXPECT_TRUE(Push("a", "a1"));
  for (const char* name : {"a2", "a3", "a4"}) EXPECT_TRUE(Push("a", name, false));
  EXPECT_TRUE(Push("b", "b1"));
  EXPECT_THAT(refused_, ElementsAre("a1"));
  EXPECT_FALSE(Push("b", "b2"));
  EXPECT_THAT(RunAll(), ElementsAre("a2", "b1", "a3", "a4"));
}

TEST_F(FairQueueTest, ClosedItTakesNothingMore) {
  std::thread waits([&] { EXPECT_FALSE(queue_.Pop().has_value()); });
  queue_.Close();
  waits.join();
  EXPECT_FALSE(Push("a", "a1"));
  EXPECT_THAT(RunAll(), IsEmpty());
  EXPECT_THAT(refused_, IsEmpty());
}

}  // namespace
}  // namespace clew::serve
