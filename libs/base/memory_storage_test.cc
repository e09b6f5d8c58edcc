// SPDX-License-Identifier: Apache-2.0
#include "base/memory_storage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

namespace clew::base {
namespace {

using Mode = Storage::Mode;

std::unique_ptr<File> Create(Storage& storage, const std::string& path, std::string_view bytes) {
  auto file = std::move(storage.Open(path, Mode::kCreate)).value();
  EXPECT_TRUE(file->Write(0, bytes).ok());
  return file;
}

std::string ContentOf(Storage& storage, const std::string& path) {
  const auto file = storage.Open(path, Mode::kRead);
  return file.ok() ? file.value()->Read(0, 1 << 20).value() : file.error().message;
}

TEST(MemoryStorage, APowerCutLeavesTheBytesThatWereSynced) {
  MemoryStorage storage;
  const auto file = Create(storage, "a", "first");
  ASSERT_TRUE(storage.SyncDirectory("/").ok());
  EXPECT_EQ(ContentOf(*storage.AfterPowerCut(), "a"), "");
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->Write(3, "more").ok());
  EXPECT_EQ(ContentOf(*storage.AfterPowerCut(), "a"), "first");
  EXPECT_EQ(ContentOf(storage, "a"), "firmore");
  ASSERT_TRUE(file->Truncate(1).ok());
  EXPECT_EQ(ContentOf(*storage.AfterPowerCut(), "a"), "first");
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(ContentOf(*storage.AfterPowerCut(), "a"), "f");
}

TEST(MemoryStorage, APowerCutLeavesTheNamesThatWereSynced) {
  MemoryStorage storage;
  ASSERT_TRUE(storage.MakeDirectories("x/y").ok());
  ASSERT_TRUE(Create(storage, "x/y/a", "1")->Sync().ok());
  // The way to it is not there yet.
  ASSERT_TRUE(storage.SyncDirectory("x/y").ok());
  ASSERT_TRUE(storage.SyncDirectory("x").ok());
  EXPECT_THAT(storage.AfterPowerCut()->Paths(), IsEmpty());
  ASSERT_TRUE(storage.SyncDirectory("/").ok());
  EXPECT_THAT(storage.AfterPowerCut()->Paths(), ElementsAre("x/y/a"));

  ASSERT_TRUE(storage.Rename("x/y/a", "x/y/b").ok());
  ASSERT_TRUE(storage.LinkIfAbsent("x/y/b", "x/y/c").value());
  EXPECT_THAT(storage.AfterPowerCut()->Paths(), ElementsAre("x/y/a"));
  ASSERT_TRUE(storage.SyncDirectory("x/y").ok());
  ASSERT_TRUE(storage.Remove("x/y/b").ok());
  EXPECT_THAT(storage.AfterPowerCut()->Paths(), ElementsAre("x/y/b", "x/y/c"));
  EXPECT_EQ(ContentOf(*storage.AfterPowerCut(), "x/y/c"), "1");
  EXPECT_THAT(storage.Paths(), ElementsAre("x/y/c"));
}

TEST(MemoryStorage, ARenameIsBothNamesOrNone) {
  MemoryStorage storage;
  ASSERT_TRUE(Create(storage, "old", "1")->Sync().ok());
  ASSERT_TRUE(Create(storage, "new", "2")->Sync().ok());
  ASSERT_TRUE(storage.SyncDirectory("/").ok());
  ASSERT_TRUE(storage.Rename("new", "old").ok());
  std::set<std::string> left;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const auto after = storage.AfterPowerCut(seed);
    left.insert(ContentOf(*after, "old") + (after->Exists("new") ? " and new" : ""));
  }
  EXPECT_THAT(left, UnorderedElementsAre("1 and new", "2"));
}

TEST(MemoryStorage, WithASeedAWriteIsTornBetweenSectors) {
  MemoryStorage storage;
  const auto file = Create(storage, "a", std::string(1024, 'a'));
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(storage.SyncDirectory("/").ok());
  ASSERT_TRUE(file->Write(500, std::string(100, 'b')).ok());
  std::set<std::string> left;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const std::string content = ContentOf(*storage.AfterPowerCut(seed), "a");
    EXPECT_EQ(content.size(), 1024u);
    left.insert(content.substr(498, 4) + ".." + content.substr(510, 4) + ".." +
                content.substr(598, 4));
  }
  EXPECT_THAT(left, UnorderedElementsAre("aaaa..aaaa..aaaa", "aabb..bbaa..aaaa", "aaaa..aabb..bbaa",
                                         "aabb..bbbb..bbaa"));
}

TEST(MemoryStorage, WithTheSameSeedTheSameIsLeft) {
  MemoryStorage storage;
  for (char name = 'a'; name < 'z'; ++name) Create(storage, std::string(1, name), "x");
  EXPECT_EQ(storage.AfterPowerCut(7)->Paths(), storage.AfterPowerCut(7)->Paths());
  EXPECT_NE(storage.AfterPowerCut(7)->Paths(), storage.AfterPowerCut(8)->Paths());
}

TEST(MemoryStorage, AfterAPowerCutNothingIsLockedAndTheTwoAreApart) {
  MemoryStorage storage;
  const auto lock = storage.Lock("lock");
  const auto file = Create(storage, "a", "1");
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(storage.SyncDirectory("/").ok());
  const auto after = storage.AfterPowerCut();
  EXPECT_TRUE(after->Lock("lock").ok());
  ASSERT_TRUE(file->Write(0, "2").ok());
  EXPECT_EQ(ContentOf(*after, "a"), "1");
  EXPECT_EQ(ContentOf(*after->AfterPowerCut(), "a"), "1");
}

TEST(MemoryStorage, PathsAreThoseOfFilesAndOfEmptyDirectories) {
  MemoryStorage storage;
  ASSERT_TRUE(storage.MakeDirectories("/x/y").ok());
  ASSERT_TRUE(storage.MakeDirectories("x/z").ok());
  Create(storage, "x/z/a", "");
  EXPECT_THAT(storage.Paths(), ElementsAre("x/y/", "x/z/a"));
}

}  // namespace
}  // namespace clew::base
