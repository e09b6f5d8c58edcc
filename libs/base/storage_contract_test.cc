// SPDX-License-Identifier: Apache-2.0
// What every storage promises, held against the machine's files and those in memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "base/memory_storage.h"
#include "base/storage.h"
#include "base/temporary_folder.h"

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

namespace clew::base {
namespace {

using Mode = Storage::Mode;

class StorageContractTest : public testing::TestWithParam<const char*> {
 protected:
  StorageContractTest() {
    if (std::string_view(GetParam()) == "Memory") {
      folder_ = "/folder";
      EXPECT_TRUE(memory_.MakeDirectories(folder_).ok());
    } else {
      storage_ = &Storage::Local();
      folder_ = temporary_.path();
    }
  }

  std::string PathOf(const std::string& name) const { return folder_ + "/" + name; }
  std::unique_ptr<File> Create(const std::string& name, std::string_view bytes = "") {
    auto file = std::move(storage_->Open(PathOf(name), Mode::kCreate)).value();
    EXPECT_TRUE(file->Write(0, bytes).ok());
    return file;
  }
  std::string ContentOf(const std::string& name) {
    return storage_->Open(PathOf(name), Mode::kRead).value()->Read(0, 1000).value();
  }
  // Is kIo and names the path.
  void ExpectRefused(const Status& status, const std::string& name) {
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kIo);
    EXPECT_THAT(status.error().message, HasSubstr(PathOf(name)));
  }
  Status TryOpen(const std::string& name, Mode mode) {
    (void)TRY(storage_->Open(PathOf(name), mode));
    return {};
  }

  MemoryStorage memory_;
  Storage* storage_ = &memory_;
  const TemporaryFolder temporary_;
  std::string folder_;
};

TEST_P(StorageContractTest, AFileHoldsWhatIsWrittenWhereItIsWritten) {
  const auto file = Create("a", "hello");
  ASSERT_TRUE(file->Write(7, "you").ok());
  EXPECT_EQ(file->Read(0, 100).value(), std::string("hello\0\0you", 10));
  EXPECT_EQ(file->Read(8, 1).value(), "o");
  EXPECT_EQ(file->Read(10, 5).value(), "");
  EXPECT_EQ(file->Read(50, 5).value(), "");
  EXPECT_EQ(file->Size().value(), 10u);
  EXPECT_TRUE(file->Sync().ok());
}

TEST_P(StorageContractTest, ASizeCanBeSetAndRoomTaken) {
  const auto file = Create("a", "hello");
  ASSERT_TRUE(file->Allocate(8).ok());
  EXPECT_EQ(file->Read(0, 100).value(), std::string("hello\0\0\0", 8));
  ASSERT_TRUE(file->Allocate(2).ok());
  EXPECT_EQ(file->Size().value(), 8u);
  ASSERT_TRUE(file->Truncate(2).ok());
  ASSERT_TRUE(file->Truncate(4).ok());
  EXPECT_EQ(file->Read(0, 100).value(), std::string("he\0\0", 4));
}

TEST_P(StorageContractTest, OpeningMakesAFileOnlyWhenAsked) {
  ExpectRefused(TryOpen("a", Mode::kRead), "a");
  ExpectRefused(TryOpen("a", Mode::kReadWrite), "a");
  ExpectRefused(TryOpen("x/a", Mode::kCreate), "x/a");
  EXPECT_FALSE(storage_->Exists(PathOf("a")));
  Create("a", "1");
  ExpectRefused(TryOpen("a", Mode::kCreate), "a");
  ASSERT_TRUE(storage_->Open(PathOf("a"), Mode::kReadWrite).value()->Write(0, "2").ok());
  EXPECT_EQ(ContentOf("a"), "2");
  ExpectRefused(storage_->Open(PathOf("a"), Mode::kRead).value()->Write(0, "3"), "a");
}

TEST_P(StorageContractTest, DirectoriesAreMadeListedAndRemovedWhenEmpty) {
  ASSERT_TRUE(storage_->MakeDirectories(PathOf("x/y")).ok());
  ASSERT_TRUE(storage_->MakeDirectories(PathOf("x/y")).ok());
  Create("x/b");
  Create("x/a");
  const auto entry = [](const char* name, bool is_directory) {
    return AllOf(Field(&DirectoryEntry::name, name),
                 Field(&DirectoryEntry::is_directory, is_directory));
  };
  EXPECT_THAT(storage_->List(PathOf("x")).value(),
              ElementsAre(entry("a", false), entry("b", false), entry("y", true)));
  EXPECT_THAT(storage_->List(PathOf("x/y")).value(), IsEmpty());
  EXPECT_FALSE(storage_->List(PathOf("z")).ok());
  EXPECT_TRUE(storage_->Exists(PathOf("x/y")) && storage_->Exists(PathOf("x/a")));
  ExpectRefused(storage_->Remove(PathOf("x")), "x");
  EXPECT_TRUE(storage_->Remove(PathOf("x/y")).ok());
  EXPECT_TRUE(storage_->Remove(PathOf("x/a")).ok());
  ExpectRefused(storage_->Remove(PathOf("x/a")), "x/a");
  EXPECT_THAT(storage_->List(PathOf("x")).value(), ElementsAre(entry("b", false)));
  EXPECT_TRUE(storage_->SyncDirectory(PathOf("x")).ok());
  ExpectRefused(storage_->SyncDirectory(PathOf("z")), "z");
}

TEST_P(StorageContractTest, ARenameTakesThePlaceOfWhatIsThere) {
  Create("a", "1");
  Create("b", "2");
  ASSERT_TRUE(storage_->Rename(PathOf("a"), PathOf("b")).ok());
  EXPECT_EQ(ContentOf("b"), "1");
  EXPECT_FALSE(storage_->Exists(PathOf("a")));
  ExpectRefused(storage_->Rename(PathOf("a"), PathOf("c")), "a");
}

TEST_P(StorageContractTest, ALinkIsASecondNameAndTakesNoPlace) {
  const auto file = Create("a", "1");
  Create("b", "2");
  EXPECT_TRUE(storage_->LinkIfAbsent(PathOf("a"), PathOf("c")).value());
  EXPECT_FALSE(storage_->LinkIfAbsent(PathOf("a"), PathOf("b")).value());
  EXPECT_FALSE(storage_->LinkIfAbsent(PathOf("z"), PathOf("y")).ok());
  EXPECT_FALSE(storage_->LinkIfAbsent(PathOf("a"), PathOf("x/y")).ok());
  ASSERT_TRUE(file->Write(0, "3").ok());
  EXPECT_EQ(ContentOf("c"), "3");
  EXPECT_EQ(ContentOf("b"), "2");
  ASSERT_TRUE(storage_->Remove(PathOf("a")).ok());
  EXPECT_EQ(ContentOf("c"), "3");
}

TEST_P(StorageContractTest, AFileThatIsOpenOutlivesItsName) {
  const auto file = Create("a", "1");
  ASSERT_TRUE(storage_->Remove(PathOf("a")).ok());
  EXPECT_TRUE(file->Write(1, "2").ok());
  EXPECT_EQ(file->Read(0, 10).value(), "12");
  EXPECT_FALSE(storage_->Exists(PathOf("a")));
}

TEST_P(StorageContractTest, ALockIsHeldByOneUntilItCloses) {
  {
    const auto lock = storage_->Lock(PathOf("lock"));
    ASSERT_TRUE(lock.ok());
    const auto second = storage_->Lock(PathOf("lock"));
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(second.error().message, HasSubstr(std::to_string(getpid())));
  }
  EXPECT_TRUE(storage_->Lock(PathOf("lock")).ok());
}

INSTANTIATE_TEST_SUITE_P(Over, StorageContractTest, testing::Values("Local", "Memory"),
                         [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace clew::base
