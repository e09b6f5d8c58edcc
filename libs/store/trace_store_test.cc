// SPDX-License-Identifier: Apache-2.0
#include "store/trace_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

#include "base/fault_storage.h"
#include "base/memory_storage.h"
#include "store/trace_store_fixture.h"

using testing::HasSubstr;

namespace clew::store {
namespace {

class TraceStoreTest : public testing::Test {
 protected:
  base::Result<std::unique_ptr<TraceStore>> Open() { return Open(storage_); }
  base::Result<std::unique_ptr<TraceStore>> Open(base::Storage& storage) {
    options_.directory = "data";
    return OpenAndReplay(storage, options_);
  }

  static size_t SpansOf(const TraceStore& store, uint8_t number) {
    const auto spans = store::SpansOf(store, number);
    EXPECT_TRUE(spans.ok()) << spans.error().message;
    return spans.ok() ? spans.value() : 0;
  }

  // Of one kind, when the directory is there already and one segment has to be read.
  uint64_t CallsOfAStartAndAnAppend(base::FaultStorage::Call kind) {
    uint64_t calls = 0;
    for (const uint8_t body : {uint8_t{100}, uint8_t{101}}) {
      base::FaultStorage counting(storage_, {.kind = kind, .at = UINT64_MAX});
      auto store = Open(counting).value();
      EXPECT_TRUE(AppendTo(*store, BodyOf(body)).ok());
      calls = counting.calls();
    }
    return calls;
  }

  base::MemoryStorage storage_;
  TraceStoreOptions options_{.wal_segment_bytes = 1 << 20};
};

TEST_F(TraceStoreTest, AnAckedSpanIsVisibleAndThereAfterARestart) {
  {
    auto store = Open().value();
    EXPECT_TRUE(AppendTo(*store, BodyOf(1)).ok());
    EXPECT_EQ(SpansOf(*store, 1), 1u);
  }
  EXPECT_EQ(SpansOf(*Open().value(), 1), 1u);
}

// Bodies up to a size are scanned by the thread that reads the log, larger ones by the other.
TEST_F(TraceStoreTest, LargeBodiesAreThereAfterARestartToo) {
  // Bodies of protobuf one behind the other are one body.
  std::string large = BodyOf(1, 1);
  for (uint8_t span = 2; span < 100; ++span) large += BodyOf(1, span);
  while (large.size() < size_t{2} << 20) large += large;
  {
    auto store = Open().value();
    EXPECT_TRUE(AppendTo(*store, BodyOf(2)).ok());
    EXPECT_TRUE(AppendTo(*store, large).ok());
    EXPECT_TRUE(AppendTo(*store, BodyOf(3)).ok());
  }
  auto store = Open().value();
  const size_t body_spans = SpansOf(*store, 1);
  EXPECT_GT(body_spans, 10'000u);
  EXPECT_EQ(body_spans % 99, 0u);
  EXPECT_EQ(SpansOf(*store, 2), 1u);
  EXPECT_EQ(SpansOf(*store, 3), 1u);
}

TEST_F(TraceStoreTest, ABodySentAgainIsStoredOnceAlsoAfterARestart) {
  {
    auto store = Open().value();
    EXPECT_FALSE(AppendTo(*store, BodyOf(1)).value().duplicate);
    EXPECT_TRUE(AppendTo(*store, BodyOf(1)).value().duplicate);
    EXPECT_EQ(SpansOf(*store, 1), 1u);
  }
  auto store = Open().value();
  EXPECT_TRUE(AppendTo(*store, BodyOf(1)).value().duplicate);
  EXPECT_EQ(SpansOf(*store, 1), 1u);
}

// The log is bounded, and so is the number of commits that this takes.
TEST_F(TraceStoreTest, TenantsThatHoldBackTooMuchOfTheLogAreFlushedTogether) {
  options_.wal_segment_bytes = 4096;
  options_.wal_limit_bytes = 64 << 10;
  options_.memtables.seal_bytes = UINT64_MAX;
  auto store = Open().value();
  for (int tenant = 0; tenant < 20; ++tenant) {
    ASSERT_TRUE(AppendTo(*store, BodyOf(1), "small" + std::to_string(tenant)).ok());
  }
  const uint64_t before = store->counters().wal_bytes;
  for (int body = 0; store->counters().wal_bytes < before + (68 << 10); ++body) {
    const auto number = static_cast<uint8_t>(body);
    ASSERT_TRUE(AppendTo(*store, BodyOf(number, static_cast<uint8_t>(1 + body / 256))).ok());
  }
  while (store->counters().flushes < 20) std::this_thread::yield();
  EXPECT_THAT(store->SourcesOf("small7").blocks, testing::SizeIs(1));
  EXPECT_THAT(store->SourcesOf("small7").memtables, testing::IsEmpty());
  EXPECT_LE(storage_.List("data/catalog/0").value().size(), 2u);
}

TEST_F(TraceStoreTest, ADirectoryThatWasMadeOutlivesAPowerCut) {
  auto store =
      OpenAndReplay(storage_, {.directory = "/a/b/data", .wal_segment_bytes = 4096}).value();
  ASSERT_TRUE(AppendTo(*store, BodyOf(1)).ok());
  const auto after = storage_.AfterPowerCut();
  EXPECT_EQ(
      SpansOf(*OpenAndReplay(*after, {.directory = "/a/b/data", .wal_segment_bytes = 4096}).value(),
              1),
      1u);
}

TEST_F(TraceStoreTest, PastTheMemoryLimitNothingIsStored) {
  options_.memory_limit_bytes = 10;
  auto store = Open().value();
  EXPECT_EQ(AppendTo(*store, BodyOf(1)).error().code, base::ErrorCode::kExhausted);
  EXPECT_EQ(SpansOf(*store, 1), 0u);
}

TEST_F(TraceStoreTest, ASecondStoreOnTheDirectoryIsRefusedWithThePid) {
  auto store = Open().value();
  EXPECT_THAT(Open().error().message, HasSubstr(std::to_string(getpid())));
}

TEST_F(TraceStoreTest, ANewerStoreFormatIsRefused) {
  {
    auto store = Open().value();
  }
  ASSERT_TRUE(storage_.Remove("data/store.json").ok());
  auto file = storage_.Open("data/store.json", base::Storage::Mode::kCreate);
  ASSERT_TRUE(file.value()->Write(0, "{\"format\":99,\"node\":1,\"epoch\":1}").ok());
  EXPECT_EQ(Open().error().code, base::ErrorCode::kUnsupported);
}

// The kernel may have dropped the pages that a failed sync was for, so a later one
// that succeeds proves nothing.
TEST_F(TraceStoreTest, AfterAFailedSyncNothingIsAckedOrShown) {
  const uint64_t syncs = CallsOfAStartAndAnAppend(base::FaultStorage::Call::kSync);
  base::FaultStorage faulty(storage_, {.kind = base::FaultStorage::Call::kSync, .at = syncs});
  auto store = Open(faulty).value();
  ASSERT_TRUE(AppendTo(*store, BodyOf(1)).ok());
  EXPECT_EQ(AppendTo(*store, BodyOf(2)).error().code, base::ErrorCode::kIo);
  EXPECT_EQ(AppendTo(*store, BodyOf(3)).error().code, base::ErrorCode::kIo);
  EXPECT_EQ(SpansOf(*store, 1), 1u);
  EXPECT_EQ(SpansOf(*store, 2), 0u);
  EXPECT_EQ(SpansOf(*store, 3), 0u);
}

TEST_F(TraceStoreTest, AFullDiskIsAFailureOfTheMomentAndCostsNoNeighbour) {
  const uint64_t writes = CallsOfAStartAndAnAppend(base::FaultStorage::Call::kWrite);
  base::FaultStorage full(storage_, {.kind = base::FaultStorage::Call::kWrite,
                                     .at = writes,
                                     .code = base::ErrorCode::kExhausted});
  auto store = Open(full).value();
  ASSERT_TRUE(AppendTo(*store, BodyOf(1)).ok());
  EXPECT_EQ(AppendTo(*store, BodyOf(2)).error().code, base::ErrorCode::kExhausted);
  EXPECT_TRUE(AppendTo(*store, BodyOf(3)).ok());
  store.reset();
  store = Open().value();
  EXPECT_EQ(SpansOf(*store, 1), 1u);
  EXPECT_EQ(SpansOf(*store, 2), 0u);
  EXPECT_EQ(SpansOf(*store, 3), 1u);
}

TEST_F(TraceStoreTest, BlocksAreMergedAndNothingChanges) {
  options_.memtables.seal_bytes = 1;  // a block for each body
  options_.compaction = {.fan_in = 3, .max_fan_in = 5};
  auto store = Open().value();
  for (uint8_t i = 1; i <= 30; ++i) ASSERT_TRUE(AppendTo(*store, BodyOf(i)).ok());
  ASSERT_TRUE(store->Flush().ok());
  ASSERT_TRUE(store->Compact().ok());
  for (uint8_t i = 1; i <= 30; ++i) ASSERT_EQ(SpansOf(*store, i), 1u) << int{i};
  EXPECT_GE(store->counters().merges, 2u);
  EXPECT_LT(store->counters().blocks, 30u);
  EXPECT_EQ(store->counters().spans, 30u);
  store.reset();
  options_.compaction.fan_in = 1000;  // so that the next one leaves all as it is
  store = Open().value();
  for (uint8_t i = 1; i <= 30; ++i) EXPECT_EQ(SpansOf(*store, i), 1u) << int{i};
  EXPECT_EQ(store->counters().spans, 30u);
  // The files of merged blocks are gone.
  const size_t folders = storage_.List("data/blocks/tenant").value().size();
  EXPECT_EQ(folders, store->counters().blocks);
}

// A block for each body, and nothing is merged before it is asked for or urgent.
class MergeDebtTest : public TraceStoreTest {
 protected:
  MergeDebtTest() {
    options_.memtables.seal_bytes = 1;
    options_.idle_look = std::chrono::hours(1);
  }
  // Until an append is refused; how many were not.
  uint8_t FillUntilRefused(TraceStore& store) {
    for (uint8_t i = 1; i < 50; ++i) {
      const auto appended = AppendTo(store, BodyOf(i));
      EXPECT_TRUE(store.Flush().ok());
      if (appended.ok()) continue;
      refused_ = appended.error();
      return i - 1;
    }
    return 50;
  }
  base::Error refused_{};
};

TEST_F(MergeDebtTest, WithTooManyBlocksToMergeSpansAreRefusedUntilTheyAreMerged) {
  options_.compaction = {.fan_in = 2, .max_fan_in = 100, .urgent_unmerged = 50, .max_unmerged = 5};
  auto store = Open().value();
  EXPECT_EQ(FillUntilRefused(*store), 6);
  EXPECT_EQ(refused_.code, base::ErrorCode::kExhausted);
  EXPECT_EQ(refused_.message, "6 blocks of at most 5 wait to be merged; try again later");
  EXPECT_EQ(store->counters().unmerged_blocks, 6u);
  EXPECT_EQ(store->counters().all_unmerged_blocks, 6u);
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(store->counters().unmerged_blocks, 0u);
  EXPECT_TRUE(AppendTo(*store, BodyOf(100)).ok());
}

TEST_F(MergeDebtTest, WhoeverIsRefusedIsToldWhyNothingIsMerged) {
  options_.compaction = {.fan_in = 2, .max_fan_in = 100, .urgent_unmerged = 50, .max_unmerged = 5};
  // Each block that is flushed takes five links, and then there are none for a merge.
  base::FaultStorage faulty(storage_,
                            {.kind = base::FaultStorage::Call::kLink, .at = 30, .lasts = true});
  auto store = OpenAndReplay(faulty, options_).value();
  EXPECT_EQ(FillUntilRefused(*store), 6);
  EXPECT_FALSE(store->Compact().ok());
  const auto refused = AppendTo(*store, BodyOf(100));
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("nothing could be merged: cannot link "));
}

TEST_F(MergeDebtTest, UrgentMergesDoNotWaitForTheirTime) {
  options_.compaction = {.fan_in = 2, .urgent_unmerged = 5};
  auto store = Open().value();
  for (uint8_t i = 1; i <= 6; ++i) ASSERT_TRUE(AppendTo(*store, BodyOf(i)).ok());
  ASSERT_TRUE(store->Flush().ok());
  while (store->counters().merges == 0) std::this_thread::yield();
  EXPECT_EQ(store->counters().spans, 6u);
}

// Blocks that a query still reads, after they were merged.
TEST_F(MergeDebtTest, FilesOfMergedBlocksThatAreStillReadCountAsDisk) {
  options_.compaction = {.fan_in = 4};
  auto store = Open().value();
  for (uint8_t i = 1; i <= 4; ++i) ASSERT_TRUE(AppendTo(*store, BodyOf(i)).ok());
  ASSERT_TRUE(store->Flush().ok());
  const uint64_t before = store->counters().block_bytes;
  Sources query = store->SourcesOf(kTestTenant);
  ASSERT_TRUE(store->Compact().ok());
  ASSERT_TRUE(AppendTo(*store, BodyOf(5)).ok());
  ASSERT_TRUE(store->Flush().ok());
  const uint64_t live = store->counters().block_bytes;
  ASSERT_EQ(store->counters().blocks, 2u);
  // Enough for the blocks, and for those that the query reads by all but a byte.
  store->SetRetention({.max_bytes = live + before - 1});
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(store->counters().dropped_blocks, 1u);
  EXPECT_EQ(SpansOf(*store, 1), 0u);
  EXPECT_EQ(SpansOf(*store, 5), 1u);

  const uint64_t left = store->counters().block_bytes;
  store->SetRetention({.max_bytes = 2 * left});
  query = {};
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(SpansOf(*store, 5), 1u) << "nobody reads the others any more";
}

TEST_F(MergeDebtTest, WhatIsDroppedWhileItIsReadTakesNoOtherWithIt) {
  options_.compaction = {.fan_in = 100};
  auto store = Open().value();
  for (uint8_t i = 1; i <= 4; ++i) ASSERT_TRUE(AppendTo(*store, BodyOf(i)).ok());
  ASSERT_TRUE(store->Flush().ok());
  const Sources query = store->SourcesOf(kTestTenant);
  store->SetRetention({.max_bytes = store->counters().block_bytes - 1});
  for (int look = 0; look < 3; ++look) ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(store->counters().dropped_blocks, 1u);
}

TEST_F(TraceStoreTest, WhatIsOverTheSizeIsDroppedOldestFirst) {
  options_.memtables.seal_bytes = 1;
  options_.compaction.fan_in = 1000;
  auto store = Open().value();
  for (uint8_t i = 1; i <= 10; ++i) ASSERT_TRUE(AppendTo(*store, BodyOf(i)).ok());
  ASSERT_TRUE(store->Flush().ok());
  store.reset();
  options_.retention.max_bytes = 1;
  store = Open().value();
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(store->counters().dropped_blocks, 10u);
  EXPECT_EQ(store->counters().spans, 0u);
  EXPECT_EQ(SpansOf(*store, 1), 0u);
  // Nothing of the log comes back.
  store.reset();
  EXPECT_EQ(SpansOf(*Open().value(), 1), 0u);
}

}  // namespace
}  // namespace clew::store
