// SPDX-License-Identifier: Apache-2.0
// What every object store promises, held against the local directory and the fake.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/memory_storage.h"
#include "objects/fake_object_store_fixture.h"
#include "objects/local_object_store.h"

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace clew::objects {
namespace {

class ObjectStoreContractTest : public testing::TestWithParam<const char*> {
 protected:
  ObjectStoreContractTest() {
    local_ = std::move(LocalObjectStore::Open(storage_, "data")).value();
    if (std::string_view(GetParam()) == "Local") store_ = local_.get();
  }

  base::MemoryStorage storage_;
  std::unique_ptr<LocalObjectStore> local_;
  FakeObjectStore fake_;
  ObjectStore* store_ = &fake_;
};

TEST_P(ObjectStoreContractTest, KeepsWhatIsPut) {
  ObjectStore* const store = store_;
  ASSERT_TRUE(store->Put("a/b/c.txt", "hello world").ok());
  EXPECT_EQ(store->GetAll("a/b/c.txt").value(), "hello world");
  EXPECT_EQ(store->Get("a/b/c.txt", 6, 3).value(), "wor");
  EXPECT_EQ(store->SizeOf("a/b/c.txt").value(), 11u);
  EXPECT_EQ(store->Get("a/b/c.txt", 6, 30).error().code, base::ErrorCode::kCorruption);
  EXPECT_EQ(store->GetAll("a/b/d").error().code, base::ErrorCode::kNotFound);
  EXPECT_FALSE(store->Put("a/b/c.txt", "other").ok());
  EXPECT_EQ(store->GetAll("a/b/c.txt").value(), "hello world");
}

TEST_P(ObjectStoreContractTest, ListsByPrefixAndDeletes) {
  ObjectStore* const store = store_;
  for (const char* key : {"b/2", "b/1", "b/x/3", "bc", "a"}) {
    ASSERT_TRUE(store->Put(key, key).ok());
  }
  const auto keys = [&](std::string_view prefix) { return store->List(prefix).value(); };
  EXPECT_THAT(keys("b/"), ElementsAre("b/1", "b/2", "b/x/3"));
  EXPECT_THAT(keys("b"), ElementsAre("b/1", "b/2", "b/x/3", "bc"));
  EXPECT_THAT(keys("b/x/3"), ElementsAre("b/x/3"));
  EXPECT_THAT(keys("c"), IsEmpty());
  EXPECT_TRUE(store->Delete("b/x/3").ok());
  EXPECT_TRUE(store->Delete("b/x/3").ok());
  EXPECT_THAT(keys("b/"), ElementsAre("b/1", "b/2"));
}

TEST_P(ObjectStoreContractTest, RefusesWhatIsNoKey) {
  ObjectStore* const store = store_;
  for (const char* key : {"", "/a", "a/", "a//b", "../a", "a/..", "a b", "a/./b", "\xff"}) {
    EXPECT_EQ(store->Put(key, "x").error().code, base::ErrorCode::kInvalidArgument) << key;
    EXPECT_EQ(store->GetAll(key).error().code, base::ErrorCode::kInvalidArgument) << key;
  }
}

TEST_P(ObjectStoreContractTest, OfManyThatRaceOneMakesTheObject) {
  ObjectStore* const store = store_;
  for (int round = 0; round < 20; ++round) {
    const std::string key = "race/" + std::to_string(round);
    std::atomic<int> winners = 0;
    std::vector<std::thread> threads;
    threads.reserve(8);
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        const auto made = store->PutIfAbsent(key, std::to_string(i));
        ASSERT_TRUE(made.ok());
        if (made.value()) ++winners;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(winners, 1);
    EXPECT_THAT(store->GetAll(key).value(), SizeIs(1));
  }
}

TEST_P(ObjectStoreContractTest, LeavesNothingOfAnUploadThatWasGivenUp) {
  ObjectStore* const store = store_;
  {
    auto upload = std::move(store->BeginUpload("a")).value();
    ASSERT_TRUE(upload->Append("half").ok());
  }
  EXPECT_THAT(store->List("").value(), IsEmpty());
  EXPECT_EQ(store->GetAll("a").error().code, base::ErrorCode::kNotFound);
}

TEST_P(ObjectStoreContractTest, AnUploadIsSeenWhenItIsCommitted) {
  auto upload = std::move(store_->BeginUpload("a/b")).value();
  ASSERT_TRUE(upload->Append("hello ").ok());
  ASSERT_TRUE(upload->Append("world").ok());
  EXPECT_EQ(store_->SizeOf("a/b").error().code, base::ErrorCode::kNotFound);
  ASSERT_TRUE(upload->Commit().ok());
  EXPECT_EQ(store_->GetAll("a/b").value(), "hello world");
}

TEST_P(ObjectStoreContractTest, PutIfAbsentLeavesWhatIsThere) {
  EXPECT_TRUE(store_->PutIfAbsent("a", "1").value());
  EXPECT_FALSE(store_->PutIfAbsent("a", "2").value());
  EXPECT_EQ(store_->GetAll("a").value(), "1");
  ASSERT_TRUE(store_->Delete("a").ok());
  EXPECT_TRUE(store_->PutIfAbsent("a", "3").value());
}

// One thread puts and deletes neighbours of what the others put, list and read.
TEST_P(ObjectStoreContractTest, NobodyIsDisturbedByWhatOthersDelete) {
  std::vector<std::thread> threads;
  threads.reserve(3);
  for (int writer = 0; writer < 2; ++writer) {
    threads.emplace_back([&, writer] {
      for (int i = 0; i < 200; ++i) {
        const std::string key = "f/" + std::to_string(writer) + "/" + std::to_string(i % 2);
        EXPECT_TRUE(store_->Put(key, key).ok());
        EXPECT_EQ(store_->GetAll(key).value(), key);
        EXPECT_TRUE(store_->Delete(key).ok());
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < 200; ++i) {
      EXPECT_TRUE(store_->List("f/").ok());
      const auto bytes = store_->GetAll("f/0/0");
      EXPECT_TRUE(bytes.ok() || bytes.error().code == base::ErrorCode::kNotFound);
    }
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(store_->List("").value(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Over, ObjectStoreContractTest, testing::Values("Local", "Fake"),
                         [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace clew::objects
