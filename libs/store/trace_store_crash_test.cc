// SPDX-License-Identifier: Apache-2.0
// Moments at which it would be easy to lose a span or to have it twice, each by name;
// trace_store_fault_test.cc walks through all the others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault_storage.h"
#include "base/log.h"
#include "base/memory_storage.h"
#include "store/block_writer.h"
#include "store/trace_store_fixture.h"

using testing::AllOf;
using testing::HasSubstr;

namespace clew::store {
namespace {

using base::ErrorCode;
using base::FaultStorage;
using base::MemoryStorage;
using Call = FaultStorage::Call;

class TraceStoreCrashTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { base::SetLogSilent(); }

  TraceStoreCrashTest() {
    options_.directory = "data";
    options_.wal_segment_bytes = 4096;
    options_.compaction = {.fan_in = 2, .max_fan_in = 2};
    options_.idle_look = std::chrono::hours(1);
  }

  std::unique_ptr<TraceStore> Open(base::Storage& storage,
                                   base::Clock& clock = base::Clock::System()) {
    auto store = OpenAndReplay(storage, options_, clock);
    EXPECT_TRUE(store.ok()) << store.error().message;
    return std::move(store).value();
  }

  static size_t CountOf(const TraceStore& store, uint8_t number) {
    const auto spans = SpansOf(store, number);
    EXPECT_TRUE(spans.ok()) << spans.error().message;
    return spans.ok() ? spans.value() : 0;
  }

  // Appends two bodies and flushes, on a storage that fails so, which ends the process.
  void FlushUntilDeath(const FaultStorage::Fault& fault) {
    FaultStorage faulty(storage_, fault);
    const auto store = Open(faulty);
    ASSERT_TRUE(AppendTo(*store, BodyOf(1)).ok());
    ASSERT_TRUE(AppendTo(*store, BodyOf(2)).ok());
    (void)store->Flush();
    ASSERT_TRUE(faulty.struck());
  }

  // Both are there once, also when they are sent again.
  void ExpectBothOnce(MemoryStorage& storage) {
    const auto store = Open(storage);
    for (const uint8_t body : {uint8_t{1}, uint8_t{2}}) {
      EXPECT_EQ(CountOf(*store, body), 1u);
      EXPECT_TRUE(AppendTo(*store, BodyOf(body)).value().duplicate);
    }
    ASSERT_TRUE(store->Flush().ok());
    EXPECT_EQ(store->counters().spans, 2u);
  }

  static size_t FilesBelow(const MemoryStorage& storage, std::string_view folder) {
    const std::vector<std::string> paths = storage.Paths();
    return static_cast<size_t>(std::ranges::count_if(
        paths, [&](const std::string& path) { return path.starts_with(folder); }));
  }

  MemoryStorage storage_;
  TraceStoreOptions options_;
};

TEST_F(TraceStoreCrashTest, DeathBetweenTheCommitAndTheDeletionOfTheLog) {
  options_.wal_segment_bytes = 1;  // a segment for each record
  // The first rename is that of store.json, the second that of the retry window, which
  // is written before any log goes.
  FlushUntilDeath({.kind = Call::kRename, .at = 1, .dies = true});
  EXPECT_EQ(FilesBelow(storage_, "data/blocks/"), 4u);
  EXPECT_EQ(FilesBelow(storage_, "data/catalog/"), 1u);
  EXPECT_TRUE(storage_.Exists("data/wal/00000000000000000001.wal"));
  const auto cut = storage_.AfterPowerCut();
  ExpectBothOnce(storage_);
  ExpectBothOnce(*cut);
  EXPECT_FALSE(storage_.Exists("data/wal/00000000000000000001.wal"));
  EXPECT_FALSE(storage_.Exists("data/wal/retries.new"));
}

TEST_F(TraceStoreCrashTest, DeathBetweenTheUploadOfABlockAndItsCommit) {
  // The four objects of the block are linked, the entry of the catalog is not.
  FlushUntilDeath({.kind = Call::kLink, .at = 4, .dies = true});
  EXPECT_EQ(FilesBelow(storage_, "data/blocks/"), 4u);
  EXPECT_FALSE(storage_.Exists("data/catalog/0/00000000000000000001"));
  const auto cut = storage_.AfterPowerCut();
  for (MemoryStorage* const left : {&storage_, cut.get()}) {
    ExpectBothOnce(*left);
    EXPECT_EQ(FilesBelow(*left, "data/blocks/"), 4u);  // of the second attempt alone
  }
}

TEST_F(TraceStoreCrashTest, DeathBetweenTheCommitOfAMergeAndTheDeletionOfItsBlocks) {
  {
    FaultStorage faulty(storage_, {.kind = Call::kLink, .at = 14, .dies = true});
    const auto store = Open(faulty);
    for (const uint8_t body : {uint8_t{1}, uint8_t{2}}) {
      ASSERT_TRUE(AppendTo(*store, BodyOf(body)).ok());
      ASSERT_TRUE(store->Flush().ok());
    }
    // Five links each for two blocks, and for the merged one, of which the last dies.
    ASSERT_FALSE(store->Compact().ok());
    ASSERT_TRUE(faulty.struck());
    ASSERT_EQ(FilesBelow(storage_, "data/blocks/"), 12u);
  }
  ExpectBothOnce(storage_);
  // The merge is made again, and of the first attempt nothing is left.
  const auto store = Open(storage_);
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(FilesBelow(storage_, "data/blocks/"), 5u);
}

// It is found in memory by the next process, which shows it and acknowledges it when it
// is sent again.
TEST_F(TraceStoreCrashTest, ARecordThatWasNotSyncedBeforeADeathIsSyncedByTheNextStart) {
  options_.wal_segment_bytes = 1;
  {
    // Syncs: of store.json, of the record.
    FaultStorage faulty(storage_, {.kind = Call::kSync, .at = 1, .dies = true});
    const auto store = Open(faulty);
    ASSERT_FALSE(AppendTo(*store, BodyOf(1)).ok());
    ASSERT_TRUE(faulty.struck());
  }
  const auto store = Open(storage_);
  EXPECT_TRUE(AppendTo(*store, BodyOf(1)).value().duplicate);
  EXPECT_EQ(CountOf(*Open(*storage_.AfterPowerCut()), 1), 1u);
}

TEST_F(TraceStoreCrashTest, ASecondLifeOfTheNodeEndsTheFirst) {
  const auto first = Open(storage_);
  ASSERT_TRUE(AppendTo(*first, BodyOf(1)).ok());
  // On a file system that does not keep locks.
  ASSERT_TRUE(storage_.Remove("data/LOCK").ok());
  const auto second = Open(storage_);
  EXPECT_EQ(CountOf(*second, 1), 1u);
  ASSERT_TRUE(AppendTo(*second, BodyOf(2)).ok());
  ASSERT_TRUE(second->Flush().ok());
  const auto refused = first->Flush();
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("epoch 1 of the node is over, it is in 2"));
  EXPECT_EQ(first->counters().blocks, 0u);
  EXPECT_EQ(FilesBelow(storage_, "data/blocks/"), 4u);
}

TEST_F(TraceStoreCrashTest, TheSecondProcessOnADirectoryIsRefusedAndChangesNothing) {
  const auto first = Open(storage_);
  ASSERT_TRUE(AppendTo(*first, BodyOf(1)).ok());
  const std::vector<std::string> paths = storage_.Paths();
  const auto second = OpenAndReplay(storage_, options_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(second.error().message, HasSubstr("is locked by the process"));
  EXPECT_EQ(storage_.Paths(), paths);
  EXPECT_TRUE(AppendTo(*first, BodyOf(2)).ok());
  EXPECT_TRUE(first->Flush().ok());
}

TEST_F(TraceStoreCrashTest, OnAFullDiskReadsGoOnAndWritesAreRefusedUntilThereIsRoom) {
  {
    const auto store = Open(storage_);
    ASSERT_TRUE(AppendTo(*store, BodyOf(1)).ok());
  }
  FaultStorage counting(storage_, {.of_room = true, .at = UINT64_MAX});
  Open(counting)->Close();
  FaultStorage full(
      storage_,
      {.of_room = true, .at = counting.calls(), .lasts = true, .code = ErrorCode::kExhausted});
  const auto store = Open(full);
  const auto refused = AppendTo(*store, BodyOf(2));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kExhausted);
  EXPECT_THAT(refused.error().message, HasSubstr("data/wal/"));
  EXPECT_EQ(CountOf(*store, 1), 1u);
  EXPECT_EQ(CountOf(*store, 2), 0u);
  full.Heal();
  EXPECT_TRUE(AppendTo(*store, BodyOf(2)).ok());
  EXPECT_TRUE(store->Flush().ok());
  EXPECT_EQ(CountOf(*Open(*storage_.AfterPowerCut()), 2), 1u);
}

TEST_F(TraceStoreCrashTest, AStartOnAFullDiskReadsAndTakesWhatComesOnceThereIsRoom) {
  {
    const auto store = Open(storage_);
    ASSERT_TRUE(AppendTo(*store, BodyOf(1)).ok());
  }
  {
    FaultStorage no_blocks(storage_, {.kind = Call::kLink, .lasts = true});
    ASSERT_TRUE(AppendTo(*Open(no_blocks), BodyOf(2)).ok());
  }
  FaultStorage full(storage_, {.of_room = true, .lasts = true, .code = ErrorCode::kExhausted});
  const auto store = Open(full);
  EXPECT_EQ(CountOf(*store, 1) + CountOf(*store, 2), 2u);
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto refused = AppendTo(*store, BodyOf(3));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kExhausted);
    EXPECT_THAT(refused.error().message, HasSubstr("data/store.json"));
    EXPECT_FALSE(store->Flush().ok());
  }
  full.Heal();
  EXPECT_TRUE(AppendTo(*store, BodyOf(3)).ok());
  EXPECT_TRUE(store->Flush().ok());
  const auto cut = storage_.AfterPowerCut();
  const auto after = Open(*cut);
  for (uint8_t body = 1; body <= 3; ++body) EXPECT_EQ(CountOf(*after, body), 1u);
}

// The log has room of its own, blocks have not: memory fills up.
TEST_F(TraceStoreCrashTest, WhenNothingCanBeFlushedTheRefusalSaysWhy) {
  options_.memtables.seal_bytes = 1;
  options_.memory_limit_bytes = 10'000;
  FaultStorage full(storage_, {.kind = Call::kLink, .lasts = true, .code = ErrorCode::kExhausted});
  const auto store = Open(full);
  uint8_t acked = 0;
  auto appended = AppendTo(*store, BodyOf(1));
  for (; appended.ok() && acked < 200; ++acked) {
    EXPECT_FALSE(store->Flush().ok());
    appended = AppendTo(*store, BodyOf(acked + 2));
  }
  ASSERT_FALSE(appended.ok());
  EXPECT_EQ(appended.error().code, ErrorCode::kExhausted);
  EXPECT_THAT(appended.error().message,
              AllOf(HasSubstr("nothing could be flushed"), HasSubstr("cannot link data/uploads/")));
  for (uint8_t body = 1; body <= acked; ++body) EXPECT_EQ(CountOf(*store, body), 1u);
  // Attempts that failed left nothing that takes room.
  EXPECT_EQ(FilesBelow(storage_, "data/blocks/"), 0u);
  EXPECT_EQ(FilesBelow(storage_, "data/uploads/"), 1u);  // the folder itself
  full.Heal();
  EXPECT_TRUE(store->Flush().ok());
  EXPECT_TRUE(AppendTo(*store, BodyOf(acked + 1)).ok());
}

// Its commit comes through, its answer says that it failed, and nothing can be read to
// find out: what is served is wrong until somebody looks again.
TEST_F(TraceStoreCrashTest, AMergeOfUnknownFateIsFollowedWithoutARestart) {
  for (const Call call : {Call::kSyncDirectory, Call::kLink}) {
    MemoryStorage storage;
    FaultStorage counting(storage, {.kind = call, .at = UINT64_MAX});
    const auto merge = [&](base::Storage& on) {
      auto store = Open(on);
      for (const uint8_t body : {uint8_t{1}, uint8_t{2}}) {
        EXPECT_TRUE(AppendTo(*store, BodyOf(body)).ok());
        EXPECT_TRUE(store->Flush().ok());
      }
      (void)store->Compact();
      return store;
    };
    merge(counting)->Close();
    for (uint64_t back = 1; back <= 4; ++back) {
      MemoryStorage fresh;
      FaultStorage faulty(fresh, {.kind = call, .at = counting.calls() - back, .lasts = true});
      const auto store = merge(faulty);
      EXPECT_TRUE(faulty.struck());
      faulty.Heal();
      ASSERT_TRUE(store->Compact().ok());
      EXPECT_EQ(store->counters().blocks, 1u) << back;
      EXPECT_EQ(store->counters().spans, 2u) << back;
      EXPECT_EQ(FilesBelow(fresh, "data/blocks/"), 5u) << back;
      EXPECT_EQ(CountOf(*store, 1) + CountOf(*store, 2), 2u) << back;
    }
  }
}

TEST_F(TraceStoreCrashTest, ADamagedBlockKeepsOthersFromNoMerge) {
  options_.compaction = {.fan_in = 2, .max_fan_in = 8};
  const auto store = Open(storage_);
  for (uint8_t body = 1; body <= 3; ++body) {
    ASSERT_TRUE(AppendTo(*store, BodyOf(body)).ok());
    ASSERT_TRUE(store->Flush().ok());
  }
  const std::string id = store->SourcesOf(kTestTenant).blocks.front()->description().id;
  const auto file = storage_.Open("data/" + BlockPrefix(kTestTenant, id) + "spans.parquet",
                                  base::Storage::Mode::kReadWrite);
  ASSERT_TRUE(file.value()->Write(40, "damage").ok());
  EXPECT_TRUE(store->Compact().ok());
  EXPECT_EQ(store->counters().damaged_blocks, 1u);
  EXPECT_EQ(store->counters().blocks, 2u);
  EXPECT_EQ(store->counters().unmerged_blocks, 0u);
  EXPECT_EQ(CountOf(*store, 2) + CountOf(*store, 3), 2u);
}

// Too many open files, no memory, a cable that is loose: none of it says what is in a block.
TEST_F(TraceStoreCrashTest, ABlockThatCannotBeReadForTheMomentIsNotDamaged) {
  options_.compaction = {.fan_in = 2, .max_fan_in = 8};
  for (const Call call : {Call::kOpen, Call::kRead}) {
    MemoryStorage storage;
    base::SetClock clock(1'700'000'000'000'000'000);
    auto store = Open(storage, clock);
    for (uint8_t body = 1; body <= 3; ++body) {
      ASSERT_TRUE(AppendTo(*store, BodyOf(body)).ok());
      ASSERT_TRUE(store->Flush().ok());
    }
    const std::string id = store->SourcesOf(kTestTenant).blocks.front()->description().id;
    store.reset();
    FaultStorage faulty(storage, {.kind = call, .within = id, .lasts = true});
    store = Open(faulty, clock);
    EXPECT_EQ(SpansOf(*store, 1).error().code, ErrorCode::kIo);
    // The others go on without it, and it is not asked again at once.
    EXPECT_TRUE(store->Compact().ok());
    EXPECT_EQ(store->counters().damaged_blocks, 0u);
    EXPECT_EQ(store->counters().blocks, 2u);
    faulty.Heal();
    EXPECT_EQ(CountOf(*store, 1), 1u);
    clock.Advance(int64_t{61} * 1'000'000'000);
    ASSERT_TRUE(AppendTo(*store, BodyOf(4)).ok());
    ASSERT_TRUE(store->Flush().ok());
    EXPECT_TRUE(store->Compact().ok());
    EXPECT_EQ(store->counters().blocks, 2u);
    for (uint8_t body = 1; body <= 4; ++body) EXPECT_EQ(CountOf(*store, body), 1u);
  }
}

TEST_F(TraceStoreCrashTest, ABodyWithoutSpansIsNoBlock) {
  const auto store = Open(storage_);
  ASSERT_TRUE(AppendTo(*store, "").ok());
  EXPECT_TRUE(store->Flush().ok());
  EXPECT_EQ(FilesBelow(storage_, "data/blocks/"), 0u);
  ASSERT_TRUE(AppendTo(*store, BodyOf(1)).ok());
  EXPECT_TRUE(store->Flush().ok());
  EXPECT_EQ(CountOf(*store, 1), 1u);
}

}  // namespace
}  // namespace clew::store
