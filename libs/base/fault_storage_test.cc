// SPDX-License-Identifier: Apache-2.0
#include "base/fault_storage.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <set>

namespace clew::base {
namespace {

class FaultStorageTest : public testing::Test {
 protected:
  FaultStorageTest() {
    std::string name = std::filesystem::temp_directory_path() / "clew-fault-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~FaultStorageTest() override { std::filesystem::remove_all(folder_); }

  std::string PathOf(const std::string& name) const { return folder_ + "/" + name; }

  // Every kind of call once; the message of the first that fails, or empty.
  std::string CallAll(Storage& storage) {
    const Status done = [&]() -> Status {
      TRY(storage.MakeDirectories(PathOf("sub")));
      {
        const auto file = TRY(storage.Open(PathOf("sub/a"), Storage::Mode::kCreate));
        TRY(file->Allocate(16));
        TRY(file->Write(0, "12345678"));
        TRY(file->Sync());
        TRY(file->Truncate(8));
        (void)TRY(file->Size());
        (void)TRY(file->Read(0, 8));
      }
      (void)TRY(storage.Open(PathOf("sub/a"), Storage::Mode::kRead));
      TRY(storage.SyncDirectory(PathOf("sub")));
      TRY(storage.Rename(PathOf("sub/a"), PathOf("sub/b")));
      const bool linked = TRY(storage.LinkIfAbsent(PathOf("sub/b"), PathOf("sub/c")));
      EXPECT_TRUE(linked);
      EXPECT_TRUE(storage.IsDirectory(PathOf("sub")) && !storage.IsDirectory(PathOf("sub/c")));
      (void)TRY(storage.List(PathOf("sub")));
      (void)TRY(storage.Lock(PathOf("lock")));
      TRY(storage.Remove(PathOf("sub/b")));
      return {};
    }();
    return done.ok() ? "" : done.error().message;
  }

  std::string folder_;
};

TEST_F(FaultStorageTest, EachCallFailsInItsTurnAndNamesItself) {
  std::set<std::string> messages;
  uint64_t at = 0;
  for (;; ++at) {
    std::filesystem::remove_all(PathOf("sub"));
    FaultStorage storage(Storage::Local(), {.at = at});
    const std::string message = CallAll(storage);
    if (!storage.struck()) break;
    EXPECT_NE(message.find("a fault was injected"), std::string::npos) << at << message;
    EXPECT_TRUE(messages.insert(message).second) << message;
  }
  EXPECT_EQ(at, 15u);  // as many as CallAll makes
  std::filesystem::remove_all(PathOf("sub"));
  EXPECT_EQ(CallAll(Storage::Local()), "");
}

TEST_F(FaultStorageTest, AFailingWriteIsTornInTheMiddle) {
  FaultStorage storage(Storage::Local(), {.at = 1});
  const auto file = storage.Open(PathOf("torn"), Storage::Mode::kCreate);
  ASSERT_TRUE(file.ok());
  EXPECT_FALSE(file.value()->Write(0, "12345678").ok());
  EXPECT_EQ(file.value()->Read(0, 100).value(), "1234");
}

TEST_F(FaultStorageTest, AFaultThatLastsFailsAllThatFollows) {
  FaultStorage storage(Storage::Local(), {.at = 1, .lasts = true, .code = ErrorCode::kExhausted});
  EXPECT_TRUE(storage.MakeDirectories(PathOf("x")).ok());
  for (int i = 0; i < 3; ++i) {
    const Status status = storage.MakeDirectories(PathOf("x"));
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kExhausted);
  }
}

TEST_F(FaultStorageTest, AFaultOfOneKindLeavesOtherCallsAlone) {
  FaultStorage storage(Storage::Local(), {.kind = FaultStorage::Call::kSync, .at = 1});
  const auto file = storage.Open(PathOf("a"), Storage::Mode::kCreate);
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(file.value()->Sync().ok());
  EXPECT_TRUE(file.value()->Write(0, "12345678").ok());
  EXPECT_FALSE(storage.struck());
  EXPECT_FALSE(file.value()->Sync().ok());
  EXPECT_TRUE(storage.struck());
  EXPECT_EQ(file.value()->Read(0, 100).value(), "12345678");
  EXPECT_EQ(storage.calls(), 2u);
}

}  // namespace
}  // namespace clew::base
