// SPDX-License-Identifier: Apache-2.0
#include "base/bounded_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

using testing::ElementsAre;
using testing::Eq;
using testing::IsEmpty;
using testing::Optional;

namespace clew::base {
namespace {

TEST(BoundedQueue, GivesValuesInTheOrderTheyCame) {
  BoundedQueue<int> queue(3);
  EXPECT_TRUE(queue.TryPush(1));
  EXPECT_TRUE(queue.TryPush(2));
  EXPECT_TRUE(queue.TryPush(3));
  EXPECT_THAT(queue.Pop(), Optional(1));
  EXPECT_THAT(queue.PopAll(), ElementsAre(2, 3));
  EXPECT_EQ(queue.size(), 0u);
}

TEST(BoundedQueue, FullItRefusesAndLeavesTheValue) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  EXPECT_TRUE(queue.TryPush(std::make_unique<int>(1)));
  auto second = std::make_unique<int>(2);
  EXPECT_FALSE(queue.TryPush(std::move(second)));
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(*queue.Pop().value(), 1);
  EXPECT_TRUE(queue.TryPush(std::move(second)));
}

TEST(BoundedQueue, ClosedItRefusesAndGivesWhatItHolds) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.TryPush(1));
  queue.Close();
  EXPECT_FALSE(queue.TryPush(2));
  EXPECT_THAT(queue.Pop(), Optional(1));
  EXPECT_THAT(queue.Pop(), Eq(std::nullopt));
  EXPECT_THAT(queue.PopAll(), IsEmpty());
}

TEST(BoundedQueue, ClosingWakesAllWhoWait) {
  BoundedQueue<int> queue(1);
  std::thread one([&] { EXPECT_THAT(queue.Pop(), Eq(std::nullopt)); });
  std::thread all([&] { EXPECT_THAT(queue.PopAll(), IsEmpty()); });
  queue.Close();
  one.join();
  all.join();
}

// Every value that was taken comes out, once, whoever pushed and whoever pops.
TEST(BoundedQueue, LosesAndDoublesNothingBetweenThreads) {
  constexpr int kEach = 10'000;
  BoundedQueue<int> queue(16);
  const auto push = [&](int from) {
    for (int i = 0; i < kEach; ++i) {
      while (!queue.TryPush(from + i)) std::this_thread::yield();
    }
  };
  std::vector<int> seen_by_one, seen_by_all;
  std::thread one([&] {
    while (const std::optional<int> value = queue.Pop()) seen_by_one.push_back(*value);
  });
  std::thread all([&] {
    for (std::deque<int> values = queue.PopAll(); !values.empty(); values = queue.PopAll()) {
      seen_by_all.insert(seen_by_all.end(), values.begin(), values.end());
    }
  });
  std::thread first(push, 0);
  std::thread second(push, kEach);
  first.join();
  second.join();
  queue.Close();
  one.join();
  all.join();

  std::vector<int> expected(size_t{2} * kEach);
  std::iota(expected.begin(), expected.end(), 0);
  seen_by_one.insert(seen_by_one.end(), seen_by_all.begin(), seen_by_all.end());
  std::ranges::sort(seen_by_one);
  EXPECT_EQ(seen_by_one, expected);
}

}  // namespace
}  // namespace clew::base
