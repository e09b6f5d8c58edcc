// SPDX-License-Identifier: Apache-2.0
#include "objects/local_object_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/fault_storage.h"
#include "base/memory_storage.h"

using testing::ElementsAre;
using testing::IsEmpty;

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

TEST_F(LocalObjectStoreTest, LeavesNoEmptyFolders) {
  const auto store = Open();
  ASSERT_TRUE(store->Put("b/x/3", "").ok());
  ASSERT_TRUE(store->Put("b/1", "").ok());
  EXPECT_TRUE(store->Delete("b/x/3").ok());
  EXPECT_FALSE(storage_.Exists("data/b/x"));
  ASSERT_TRUE(storage_.MakeDirectories("data/b/y/z").ok());
  ASSERT_TRUE(storage_.MakeDirectories("data/c/y").ok());
  EXPECT_TRUE(store->RemoveEmptyFolders("b").ok());
  EXPECT_THAT(storage_.Paths(), ElementsAre("data/b/1", "data/c/y/", "data/uploads/"));
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

// An object that is there and not durable would be taken for one that is.
TEST_F(LocalObjectStoreTest, WhatIsReadAfterAFailedSyncOfItsFolderIsDurable) {
  Open();
  FaultStorage faulty(storage_, {.kind = FaultStorage::Call::kSyncDirectory});
  const auto store = std::move(LocalObjectStore::Open(faulty, "data")).value();
  ASSERT_FALSE(store->PutIfAbsent("a/b", "bytes").ok());
  EXPECT_FALSE(storage_.AfterPowerCut()->Exists("data/a/b"));
  EXPECT_EQ(store->GetAll("a/b").value(), "bytes");
  EXPECT_TRUE(storage_.SyncDirectory("/").ok());
  EXPECT_TRUE(storage_.AfterPowerCut()->Exists("data/a/b"));
  EXPECT_THAT(storage_.List("data/uploads").value(), IsEmpty());
}

TEST_F(LocalObjectStoreTest, WhatIsReadAfterADeathBeforeTheSyncIsDurable) {
  Open();
  FaultStorage faulty(storage_,
                      {.kind = FaultStorage::Call::kSyncDirectory, .lasts = true, .dies = true});
  {
    const auto store = std::move(LocalObjectStore::Open(faulty, "data")).value();
    ASSERT_FALSE(store->PutIfAbsent("a/b", "bytes").ok());
  }
  ASSERT_TRUE(storage_.SyncDirectory("/").ok());
  EXPECT_FALSE(storage_.AfterPowerCut()->Exists("data/a/b"));
  EXPECT_EQ(Open()->GetAll("a/b").value(), "bytes");
  EXPECT_TRUE(storage_.AfterPowerCut()->Exists("data/a/b"));
}

}  // namespace
}  // namespace clew::objects
