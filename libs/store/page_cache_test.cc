// SPDX-License-Identifier: Apache-2.0
#include "store/page_cache.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <vector>

namespace clew::store {
namespace {

constexpr uint64_t kLimit = uint64_t{8} << 20;  // a MiB a shard

class PageCacheTest : public testing::Test {
 protected:
  // The number that is kept under the key, or `number`, of so many bytes.
  int Get(uint32_t key, int number, size_t bytes = 1000) {
    const auto value =
        cache_.Get({.file = 1, .page = key}, [&]() -> base::Result<PageCache::Loaded> {
          return PageCache::Loaded{std::make_shared<const int>(number), bytes};
        });
    return *std::static_pointer_cast<const int>(value.value());
  }

  PageCache cache_{kLimit};
};

TEST_F(PageCacheTest, KeepsWhatWasLoaded) {
  EXPECT_EQ(Get(1, 10), 10);
  EXPECT_EQ(Get(1, 11), 10);
  EXPECT_EQ(Get(2, 12), 12);
  EXPECT_EQ(cache_.counters().hits, 1u);
  EXPECT_EQ(cache_.counters().misses, 2u);
}

TEST_F(PageCacheTest, DoesNotKeepErrors) {
  const auto failed = cache_.Get({.file = 1, .page = 1}, []() -> base::Result<PageCache::Loaded> {
    return base::Error{base::ErrorCode::kIo, "gone"};
  });
  EXPECT_EQ(failed.error().message, "gone");
  EXPECT_EQ(Get(1, 5), 5);
}

TEST_F(PageCacheTest, StaysWithinItsMemory) {
  for (uint32_t key = 0; key < 20'000; ++key) {
    Get(key, 1, 2000);
    if (key % 3 == 0) Get(key, 1, 2000);
    ASSERT_LE(cache_.counters().size_bytes, kLimit);
  }
  EXPECT_GT(cache_.counters().size_bytes, kLimit / 2);
}

TEST_F(PageCacheTest, AScanDoesNotDriveOutWhatIsAskedForAgain) {
  for (int round = 0; round < 2; ++round) {
    for (uint32_t key = 0; key < 1000; ++key) Get(key, 7);
  }
  for (uint32_t key = 1000; key < 50'000; ++key) Get(key, 8);
  for (uint32_t key = 0; key < 1000; ++key) ASSERT_EQ(Get(key, 9), 7) << key;
}

TEST_F(PageCacheTest, TheSameScanAgainDrivesOutWhatNobodyAsksForAnyMore) {
  for (int round = 0; round < 3; ++round) {
    for (uint32_t key = 0; key < 6000; ++key) Get(key, 7);
  }
  const auto scan = [&](int number) {
    for (uint32_t key = 100'000; key < 106'000; ++key) Get(key, number);
  };
  scan(1);
  scan(2);
  scan(3);
  const uint64_t before = cache_.counters().misses;
  scan(4);
  EXPECT_EQ(cache_.counters().misses, before);
}

TEST_F(PageCacheTest, WhatIsVeryLargeIsGivenAndNotKept) {
  for (uint32_t key = 0; key < 100; ++key) Get(key, 7);
  for (const size_t bytes : {kLimit, kLimit / 8, kLimit / 8, kLimit / 15}) {
    EXPECT_EQ(Get(1000, 3, bytes), 3);
    EXPECT_EQ(Get(1000, 4, bytes), 4);
  }
  for (uint32_t key = 0; key < 100; ++key) EXPECT_EQ(Get(key, 8), 7) << key;
}

TEST_F(PageCacheTest, OfManyThatWantTheSameOneLoads) {
  std::promise<void> gate;
  const std::shared_future<void> open = gate.get_future().share();
  int loads = 0;  // guarded by there being one
  std::vector<std::future<PageCache::Value>> wanted;
  wanted.reserve(8);
  for (int i = 0; i < 8; ++i) {
    wanted.push_back(std::async(std::launch::async, [&] {
      return cache_
          .Get({.file = 2},
               [&]() -> base::Result<PageCache::Loaded> {
                 open.wait();
                 ++loads;
                 return PageCache::Loaded{std::make_shared<const int>(1), 1};
               })
          .value();
    }));
  }
  gate.set_value();
  const PageCache::Value first = wanted.front().get();
  for (size_t i = 1; i < wanted.size(); ++i) EXPECT_EQ(wanted[i].get(), first);
  EXPECT_EQ(loads, 1);
}

TEST(PageCache, KnowsWhatIsAskedForAgainAndAgain) {
  PageCache cache(1000);
  const PageCache::Key key{.file = 1, .page = 7};
  EXPECT_FALSE(cache.IsAskedOften(key));
  EXPECT_FALSE(cache.IsAskedOften(key));
  EXPECT_TRUE(cache.IsAskedOften(key));
  for (uint32_t page = 100; page < 115; ++page) {
    EXPECT_FALSE(cache.IsAskedOften({.file = 1, .page = page}));
  }
  EXPECT_FALSE(cache.IsAskedOften(key));
}

}  // namespace
}  // namespace clew::store
