// SPDX-License-Identifier: Apache-2.0
#include "derive/usual_times_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/bytes.h"
#include "base/hash.h"
#include "derive/limits.h"

namespace clew::derive {
namespace {

using testing::HasSubstr;

UsualTimes Some() {
  UsualTimes times;
  for (int i = 0; i < 20; ++i) {
    OperationTimes operation;
    operation.first_start_unix_nano = -5;
    operation.last_start_unix_nano = 1'000'000 + i;
    operation.durations.Add(1000 + static_cast<uint64_t>(i), 3);
    operation.things[{.service = "shop", .operation = "GET"}].Add(700, 2);
    operation.things[{.of = TimedThing::Of::kSpan, .kind = 3, .service = "pay", .peer = "db"}].Add(
        0);
    times.Add({"shop", "GET /" + std::to_string(i)}, operation);
  }
  times.LeaveOut(4);
  times.DropFrom(UINT64_MAX - 1);
  return times;
}

base::Result<UsualTimesFile> Open(const std::string& bytes) {
  return UsualTimesFile::Open(
      [bytes](uint64_t offset, uint64_t size) -> base::Result<std::string> {
        return bytes.substr(std::min<uint64_t>(offset, bytes.size()), size);
      },
      bytes.size());
}

base::Result<UsualTimes> ReadAll(const std::string& bytes) {
  const UsualTimesFile file = TRY(Open(bytes));
  return file.ReadAll();
}

TEST(UsualTimesFile, IsReadAsItWasWritten) {
  EXPECT_EQ(ReadAll(EncodeUsualTimes(Some())).value(), Some());
  EXPECT_EQ(ReadAll(EncodeUsualTimes({})).value(), UsualTimes());
}

TEST(UsualTimesFile, GivesOneOperationWithoutTheOthers) {
  const std::string bytes = EncodeUsualTimes(Some());
  uint64_t read = 0;
  const auto file = UsualTimesFile::Open(
      [&](uint64_t offset, uint64_t size) -> base::Result<std::string> {
        read += size;
        return bytes.substr(offset, size);
      },
      bytes.size());
  const RootOperation root{"shop", "GET /7"};
  EXPECT_EQ(file.value().Read(root).value().value(), *Some().Find(root));
  EXPECT_LT(read, bytes.size() / 2 + 200);
  EXPECT_EQ(file.value().Read({"shop", "PUT"}).value(), std::nullopt);
}

TEST(UsualTimesFile, EveryFlippedBitIsNoticed) {
  const std::string bytes = EncodeUsualTimes(Some());
  for (size_t at = 0; at < bytes.size() * 8; at += 3) {
    std::string flipped = bytes;
    flipped[at / 8] = static_cast<char>(flipped[at / 8] ^ 1 << at % 8);
    const auto read = ReadAll(flipped);
    // What is said of the format and of spare bytes may change without changing the times.
    if (read.ok()) {
      EXPECT_EQ(read.value(), Some()) << at;
    }
  }
}

TEST(UsualTimesFile, EveryCutIsNoticed) {
  const std::string bytes = EncodeUsualTimes(Some());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(ReadAll(bytes.substr(0, size)).error().code, base::ErrorCode::kCorruption) << size;
  }
  EXPECT_EQ(ReadAll(bytes + "x").error().code, base::ErrorCode::kCorruption);
}

TEST(UsualTimesFile, OfANewerFormatIsRefusedByName) {
  std::string bytes = EncodeUsualTimes(Some());
  bytes[8] = 7;
  EXPECT_EQ(ReadAll(bytes).value(), Some());  // that older programs may read
  bytes[10] = 7;
  const auto read = ReadAll(bytes);
  EXPECT_EQ(read.error().code, base::ErrorCode::kUnsupported);
  EXPECT_THAT(read.error().message, HasSubstr("format 7 is newer than 1"));
}

}  // namespace
}  // namespace clew::derive
