// SPDX-License-Identifier: Apache-2.0
#include "objects/local_object_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "base/fault_storage.h"
#include "base/memory_storage.h"

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace clew::objects {
namespace {

using base::FaultStorage;
using base::Storage;

class LocalObjectStoreTest : public testing::Test {
 protected:
  std::unique_ptr<LocalObjectStore> Open() {
    auto store = LocalObjectStore::Open(storage_, "data");
    EXPECT_TRUE(store.ok());
    return std::move(store).value();
  }

  base::MemoryStorage storage_;
};

TEST_F(LocalObjectStoreTest, KeepsWhatIsPut) {
  const auto store = Open();
  ASSERT_TRUE(store->Put("a/b/c.txt", "hello world").ok());
  EXPECT_EQ(store->GetAll("a/b/c.txt").value(), "hello world");
  EXPECT_EQ(store->Get("a/b/c.txt", 6, 3).value(), "wor");
  EXPECT_EQ(store->SizeOf("a/b/c.txt").value(), 11u);
  EXPECT_EQ(store->Get("a/b/c.txt", 6, 30).error().code, base::ErrorCode::kCorruption);
  EXPECT_EQ(store->GetAll("a/b/d").error().code, base::ErrorCode::kNotFound);
  EXPECT_FALSE(store->Put("a/b/c.txt", "other").ok());
  EXPECT_EQ(store->GetAll("a/b/c.txt").value(), "hello world");
}

TEST_F(LocalObjectStoreTest, ListsByPrefixAndDeletes) {
  const auto store = Open();
  for (const char* key : {"b/2", "b/1", "b/x/3", "bc", "a"}) {
    ASSERT_TRUE(store->Put(key, key).ok());
  }
  const auto keys = [&](std::string_view prefix) {
    const auto listed = store->List(prefix);
    std::vector<std::string> found;
    found.reserve(listed.value().size());
    for (const ObjectInfo& object : listed.value()) found.push_back(object.key);
    return found;
  };
  EXPECT_THAT(keys("b/"), ElementsAre("b/1", "b/2", "b/x/3"));
  EXPECT_THAT(keys("b"), ElementsAre("b/1", "b/2", "b/x/3", "bc"));
  EXPECT_THAT(keys("b/x/3"), ElementsAre("b/x/3"));
  EXPECT_THAT(keys("c"), IsEmpty());
  EXPECT_TRUE(store->Delete("b/x/3").ok());
  EXPECT_TRUE(store->Delete("b/x/3").ok());
  EXPECT_THAT(keys("b/"), ElementsAre("b/1", "b/2"));
  EXPECT_FALSE(storage_.Exists("data/b/x"));
}

TEST_F(LocalObjectStoreTest, RefusesWhatIsNoKey) {
  const auto store = Open();
  for (const char* key : {"", "/a", "a/", "a//b", "../a", "a/..", "a b", "a/./b", "\xff"}) {
    EXPECT_EQ(store->Put(key, "x").error().code, base::ErrorCode::kInvalidArgument) << key;
    EXPECT_EQ(store->GetAll(key).error().code, base::ErrorCode::kInvalidArgument) << key;
  }
}

TEST_F(LocalObjectStoreTest, OfManyThatRaceOneMakesTheObject) {
  const auto store = Open();
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

TEST_F(LocalObjectStoreTest, LeavesNothingOfAnUploadThatWasGivenUp) {
  const auto store = Open();
  {
    auto upload = std::move(store->BeginUpload("a")).value();
    ASSERT_TRUE(upload->Append("half").ok());
  }
  EXPECT_THAT(store->List("").value(), IsEmpty());
  EXPECT_EQ(store->GetAll("a").error().code, base::ErrorCode::kNotFound);
}

TEST_F(LocalObjectStoreTest, RemovesWhatADeadProcessLeft) {
  Open();
  ASSERT_TRUE(storage_.Open("data/uploads/7", Storage::Mode::kCreate).ok());
  Open();
  EXPECT_THAT(storage_.Paths(), ElementsAre("data/uploads/"));
}

// Whichever call fails, the object is there whole or not at all, and one that was
// reported to be there is.
TEST_F(LocalObjectStoreTest, IsWholeOrAbsentAfterEveryFault) {
  for (const bool lasts : {false, true}) {
    for (uint64_t at = 0;; ++at) {
      base::MemoryStorage memory;
      FaultStorage storage(memory, {.at = at, .lasts = lasts});
      bool put = false;
      {
        const auto store = LocalObjectStore::Open(storage, "data");
        if (store.ok()) put = store.value()->Put("x/y", "whole").ok();
      }
      const auto store = std::move(LocalObjectStore::Open(memory, "data")).value();
      const auto bytes = store->GetAll("x/y");
      if (bytes.ok()) {
        EXPECT_EQ(bytes.value(), "whole") << at;
      }
      EXPECT_TRUE(bytes.ok() || !put) << at;
      EXPECT_THAT(memory.List("data/uploads").value(), IsEmpty()) << at;
      if (!storage.struck()) {
        EXPECT_TRUE(put);
        break;
      }
    }
  }
}

}  // namespace
}  // namespace clew::objects
