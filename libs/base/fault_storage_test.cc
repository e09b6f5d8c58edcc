// SPDX-License-Identifier: Apache-2.0
#include "base/fault_storage.h"

#include <gtest/gtest.h>

#include <set>

#include "base/memory_storage.h"

namespace clew::base {
namespace {

class FaultStorageTest : public testing::Test {
 protected:
  // Every kind of call once; the message of the first that fails, or empty.
  std::string CallAll(Storage& storage) {
    const Status done = [&]() -> Status {
      TRY(storage.MakeDirectories("sub"));
      {
        const auto file = TRY(storage.Open("sub/a", Storage::Mode::kCreate));
        TRY(file->Allocate(16));
        TRY(file->Write(0, "12345678"));
        TRY(file->Sync());
        TRY(file->Truncate(8));
        (void)TRY(file->Size());
        (void)TRY(file->Read(0, 8));
      }
      (void)TRY(storage.Open("sub/a", Storage::Mode::kRead));
      TRY(storage.SyncDirectory("sub"));
      TRY(storage.Rename("sub/a", "sub/b"));
      const bool linked = TRY(storage.LinkIfAbsent("sub/b", "sub/c"));
      EXPECT_TRUE(linked);
      (void)TRY(storage.List("sub"));
      (void)TRY(storage.Lock("lock"));
      TRY(storage.Remove("sub/b"));
      return {};
    }();
    return done.ok() ? "" : done.error().message;
  }

  MemoryStorage memory_;
};

TEST_F(FaultStorageTest, EachCallFailsInItsTurnAndNamesItself) {
  std::set<std::string> messages;
  uint64_t at = 0;
  for (;; ++at) {
    MemoryStorage fresh;
    FaultStorage storage(fresh, {.at = at});
    const std::string message = CallAll(storage);
    if (!storage.struck()) break;
    EXPECT_NE(message.find("a fault was injected"), std::string::npos) << at << message;
    EXPECT_TRUE(messages.insert(message).second) << message;
  }
  EXPECT_EQ(at, 15u);  // as many as CallAll makes
  EXPECT_EQ(CallAll(memory_), "");
}

TEST_F(FaultStorageTest, AFailingWriteIsTornInTheMiddle) {
  FaultStorage storage(memory_, {.at = 1});
  const auto file = storage.Open("torn", Storage::Mode::kCreate);
  ASSERT_TRUE(file.ok());
  EXPECT_FALSE(file.value()->Write(0, "12345678").ok());
  EXPECT_EQ(file.value()->Read(0, 100).value(), "1234");
}

TEST_F(FaultStorageTest, AFaultThatLastsFailsAllThatFollows) {
  FaultStorage storage(memory_, {.at = 1, .lasts = true, .code = ErrorCode::kExhausted});
  EXPECT_TRUE(storage.MakeDirectories("x").ok());
  for (int i = 0; i < 3; ++i) {
    const Status status = storage.MakeDirectories("x");
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kExhausted);
  }
}

TEST_F(FaultStorageTest, AFaultOfOneKindLeavesOtherCallsAlone) {
  FaultStorage storage(memory_, {.kind = FaultStorage::Call::kSync, .at = 1});
  const auto file = storage.Open("a", Storage::Mode::kCreate);
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(file.value()->Sync().ok());
  EXPECT_TRUE(file.value()->Write(0, "12345678").ok());
  EXPECT_FALSE(storage.struck());
  EXPECT_FALSE(file.value()->Sync().ok());
  EXPECT_TRUE(storage.struck());
  EXPECT_EQ(file.value()->Read(0, 100).value(), "12345678");
  EXPECT_EQ(storage.calls(), 2u);
}

TEST_F(FaultStorageTest, ADeadProcessLeavesTheTornWriteAndNothingMore) {
  FaultStorage storage(memory_, {.at = 1, .dies = true});
  const auto file = storage.Open("a", Storage::Mode::kCreate);
  ASSERT_TRUE(file.ok());
  EXPECT_FALSE(file.value()->Write(0, "12345678").ok());
  EXPECT_FALSE(file.value()->Write(4, "12345678").ok());
  EXPECT_FALSE(storage.Remove("a").ok());
  EXPECT_EQ(memory_.Open("a", Storage::Mode::kRead).value()->Read(0, 100).value(), "1234");
}

TEST_F(FaultStorageTest, WhoDiesAtACallOfOneKindMakesNoOther) {
  FaultStorage storage(memory_, {.kind = FaultStorage::Call::kRemove, .dies = true});
  EXPECT_TRUE(storage.MakeDirectories("a").ok());
  EXPECT_FALSE(storage.Remove("a").ok());
  EXPECT_FALSE(storage.MakeDirectories("b").ok());
  EXPECT_FALSE(storage.List("a").ok());
}

TEST_F(FaultStorageTest, AFullDiskTakesNothingUntilItHasRoomAgain) {
  FaultStorage storage(memory_,
                       {.of_room = true, .at = 1, .lasts = true, .code = ErrorCode::kExhausted});
  const auto file = storage.Open("a", Storage::Mode::kCreate);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file.value()->Write(0, "12345678").error().code, ErrorCode::kExhausted);
  EXPECT_EQ(file.value()->Read(0, 100).value(), "1234");
  EXPECT_TRUE(file.value()->Sync().ok());
  storage.Heal();
  EXPECT_TRUE(file.value()->Write(0, "12345678").ok());
}

}  // namespace
}  // namespace clew::base
