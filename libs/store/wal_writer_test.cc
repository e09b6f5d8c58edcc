// SPDX-License-Identifier: Apache-2.0
#include "store/wal_writer.h"

#include <gtest/gtest.h>

#include "base/fault_storage.h"
#include "base/memory_storage.h"

namespace clew::store {
namespace {

using Call = base::FaultStorage::Call;

WalRecord RecordOf(std::string_view body) {
  return {.body_hash = base::HashOf128(body),
          .format = wire::Format::kOtlpProtobuf,
          .decoder_version = 1,
          .tenant = "t",
          .body = body};
}

class WalWriterTest : public testing::Test {
 protected:
  WalWriterTest() {
    EXPECT_TRUE(memory_.MakeDirectories("wal").ok());
    EXPECT_TRUE(memory_.SyncDirectory("/").ok());
  }

  static WalWriter WriterOn(base::Storage& storage) {
    return WalWriter(storage, {.directory = "wal", .segment_bytes = 256});
  }

  base::MemoryStorage memory_;
};

// Whoever appends holds a lock that queries want as well.
TEST_F(WalWriterTest, AppendSyncsNothingItself) {
  base::FaultStorage no_sync(memory_, {.kind = Call::kSync, .lasts = true});
  base::FaultStorage no_directory(no_sync, {.kind = Call::kSyncDirectory, .lasts = true});
  WalWriter writer = WriterOn(no_directory);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(writer.Append(RecordOf("a body of some length")).ok());
  EXPECT_GT(writer.next_segment(), 2u);
  EXPECT_FALSE(writer.TakeUnsynced().Sync(no_directory, "wal").ok());
}

TEST_F(WalWriterTest, WhatIsNewIsSyncedOnce) {
  WalWriter writer = WriterOn(memory_);
  ASSERT_TRUE(writer.Append(RecordOf("one")).ok());
  const WalWriter::Unsynced first = writer.TakeUnsynced();
  EXPECT_EQ(first.files.size(), 1u);
  EXPECT_TRUE(first.new_segment);

  ASSERT_TRUE(writer.Append(RecordOf("two")).ok());
  const WalWriter::Unsynced second = writer.TakeUnsynced();
  EXPECT_EQ(second.files.size(), 1u);
  EXPECT_FALSE(second.new_segment);
  EXPECT_TRUE(writer.TakeUnsynced().files.empty());

  ASSERT_TRUE(writer.Append(RecordOf("three")).ok());
  writer.EndSegment();
  ASSERT_TRUE(writer.Append(RecordOf("four")).ok());
  const WalWriter::Unsynced third = writer.TakeUnsynced();
  EXPECT_EQ(third.files.size(), 2u);
  EXPECT_TRUE(third.new_segment);
}

// They are synced beside each other; one that fails is not made up for by the others.
TEST_F(WalWriterTest, WhereASegmentBeginsEachSyncCounts) {
  const base::FaultStorage::Fault faults[] = {{.kind = Call::kSync, .at = 0},
                                              {.kind = Call::kSync, .at = 1},
                                              {.kind = Call::kSyncDirectory, .at = 0},
                                              {.at = uint64_t{1} << 32}};
  for (const base::FaultStorage::Fault& fault : faults) {
    base::MemoryStorage memory;
    ASSERT_TRUE(memory.MakeDirectories("wal").ok());
    base::FaultStorage storage(memory, fault);
    WalWriter writer = WriterOn(storage);
    ASSERT_TRUE(writer.Append(RecordOf("one")).ok());
    writer.EndSegment();
    ASSERT_TRUE(writer.Append(RecordOf("two")).ok());
    EXPECT_EQ(writer.TakeUnsynced().Sync(storage, "wal").ok(), !fault.kind.has_value());
    EXPECT_EQ(storage.struck(), fault.kind.has_value());
  }
}

// A segment that nobody synced is gone after a crash, with its name.
TEST_F(WalWriterTest, ASyncedSegmentOutlivesACrash) {
  WalWriter writer = WriterOn(memory_);
  ASSERT_TRUE(writer.Append(RecordOf("kept")).ok());
  ASSERT_TRUE(writer.TakeUnsynced().Sync(memory_, "wal").ok());
  writer.EndSegment();
  ASSERT_TRUE(writer.Append(RecordOf("lost")).ok());
  const std::unique_ptr<base::MemoryStorage> after = memory_.AfterPowerCut();
  EXPECT_TRUE(after->Exists("wal/" + SegmentName(1)));
  EXPECT_FALSE(after->Exists("wal/" + SegmentName(2)));
}

}  // namespace
}  // namespace clew::store
