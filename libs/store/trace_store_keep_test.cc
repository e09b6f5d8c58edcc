// SPDX-License-Identifier: Apache-2.0
// Of blocks whose time is over a rule keeps some traces, and the rest goes, in one commit. Every
// call to the storage that this makes is made to go wrong: no trace that is kept is lost or
// twice, and no file is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/fault_storage.h"
#include "base/log.h"
#include "base/memory_storage.h"
#include "objects/local_object_store.h"
#include "store/block_writer.h"
#include "store/catalog.h"
#include "store/fault_walk_fixture.h"
#include "store/trace_store_fixture.h"

using testing::ElementsAre;

namespace clew::store {
namespace {

using base::FaultStorage;
using base::MemoryStorage;

constexpr int64_t kDay = int64_t{86'400} * 1'000'000'000;
constexpr int64_t kStart = 20'000 * kDay;  // of a window too

// Keeps traces 1 and 2 for 30 days and trace 3 for 90; may not have been able to read a block.
class SomeTraces final : public KeepRule {
 public:
  explicit SomeTraces(std::string left_out = {}) : left_out_(std::move(left_out)) {}

  base::Result<Selection> Select(const std::vector<std::shared_ptr<const Block>>& expired,
                                 const Sources& sources,
                                 const std::stop_token& /*stopped*/) const override {
    for (const auto& block : expired) {
      TRY(block->ReadFragments());
      EXPECT_TRUE(std::ranges::find(sources.blocks, block) != sources.blocks.end());
    }
    Selection selection{
        .kept_ns = {{30 * kDay, {TraceOf(1), TraceOf(2)}}, {90 * kDay, {TraceOf(3)}}}};
    if (!left_out_.empty()) {
      for (const auto& block : sources.blocks) {
        selection.left_out.push_back("block " + block->description().id + ": " + left_out_);
      }
    }
    return selection;
  }
  int64_t longest_ns() const override { return 90 * kDay; }

 private:
  const std::string left_out_;
};

TraceStoreOptions Options() {
  TraceStoreOptions options;
  options.directory = "data";
  options.wal_segment_bytes = 4096;
  options.compaction = {.fan_in = 4, .max_fan_in = 4};
  options.retention = {.max_age_ns = 7 * kDay, .keep = std::make_shared<SomeTraces>()};
  options.idle_look = std::chrono::hours(1);  // only when it is told to
  return options;
}

std::unique_ptr<TraceStore> Open(base::Storage& storage, base::Clock& clock) {
  auto store = OpenAndReplay(storage, Options(), clock);
  EXPECT_TRUE(store.ok()) << store.error().message;
  return std::move(store).value();
}

void Flush(TraceStore& store, std::initializer_list<uint8_t> traces, uint8_t span = 1) {
  for (const uint8_t trace : traces) ASSERT_TRUE(AppendTo(store, BodyOf(trace, span)).ok());
  ASSERT_TRUE(store.Flush().ok());
}

// How many spans of traces 1 to 5 the store has.
std::vector<size_t> Counts(const TraceStore& store) {
  std::vector<size_t> counts;
  for (uint8_t trace = 1; trace <= 5; ++trace) {
    const auto spans = SpansOf(store, trace);
    EXPECT_TRUE(spans.ok()) << spans.error().message;
    counts.push_back(spans.ok() ? spans.value() : 0);
  }
  return counts;
}

class TraceStoreKeepTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { base::SetLogSilent(); }
  MemoryStorage storage_;
  base::SetClock clock_{kStart};
};

TEST_F(TraceStoreKeepTest, WhatARuleKeepsOutlivesTheRestForAsLongAsItSays) {
  auto store = Open(storage_, clock_);
  Flush(*store, {1, 4});
  Flush(*store, {2, 3, 5});
  for (const auto& [day, counts] :
       std::vector<std::pair<int64_t, std::vector<size_t>>>{{6, {1, 1, 1, 1, 1}},
                                                            {8, {1, 1, 1, 0, 0}},
                                                            {29, {1, 1, 1, 0, 0}},
                                                            {31, {0, 0, 1, 0, 0}},
                                                            {89, {0, 0, 1, 0, 0}},
                                                            {91, {0, 0, 0, 0, 0}}}) {
    clock_.Advance(kStart + day * kDay - clock_.UnixNanos());
    ASSERT_TRUE(store->Compact().ok());
    EXPECT_EQ(Counts(*store), counts) << "day " << day;
    if (day == 8) {
      EXPECT_EQ(store->counters().kept_spans, 3u);
      EXPECT_EQ(store->counters().spans, 3u);
      EXPECT_EQ(store->counters().blocks, 2u);  // one for each age
    }
    store.reset();
    store = Open(storage_, clock_);
    EXPECT_EQ(Counts(*store), counts) << "day " << day;
  }
  EXPECT_EQ(store->counters().blocks, 0u);
}

TEST_F(TraceStoreKeepTest, AnotherRetentionCountsFromTheNextLookOn) {
  auto store = Open(storage_, clock_);
  Flush(*store, {1, 4});
  clock_.Advance(8 * kDay);
  store->SetRetention({.max_age_ns = 20 * kDay, .keep = std::make_shared<SomeTraces>()});
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(Counts(*store), (std::vector<size_t>{1, 0, 0, 1, 0}));
  store->SetRetention({.max_age_ns = 7 * kDay});
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(Counts(*store), (std::vector<size_t>{0, 0, 0, 0, 0}));
}

TEST_F(TraceStoreKeepTest, WindowsExpireOneByOneAndPartsOfATraceStayTogether) {
  const auto store = Open(storage_, clock_);
  Flush(*store, {1, 4}, 1);
  clock_.Advance(kDay);
  Flush(*store, {1, 4}, 2);
  clock_.Advance(6 * kDay + 2 * kWindowNanos);
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_THAT(Counts(*store), ElementsAre(2, 0, 0, 1, 0));
  clock_.Advance(kDay);
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_THAT(Counts(*store), ElementsAre(2, 0, 0, 0, 0));
}

TEST_F(TraceStoreKeepTest, WhenTheServerWasAwayForLongNothingIsKeptForLongerThanItShould) {
  auto store = Open(storage_, clock_);
  Flush(*store, {1, 2, 3, 4});
  store.reset();
  clock_.Advance(40 * kDay);
  store = Open(storage_, clock_);
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_THAT(Counts(*store), ElementsAre(0, 0, 1, 0, 0));
}

TEST_F(TraceStoreKeepTest, ADamagedBlockStaysUntilNoneOfItsTracesCouldBeKept) {
  const auto store = Open(storage_, clock_);
  Flush(*store, {1, 4});
  const std::string id = store->SourcesOf(kTestTenant).blocks.front()->description().id;
  Flush(*store, {2, 5});
  const std::string path = "data/" + BlockPrefix(kTestTenant, id) + "traces.parquet";
  const auto file = storage_.Open(path, base::Storage::Mode::kReadWrite).value();
  ASSERT_TRUE(file->Write(40, "damage").ok());
  clock_.Advance(8 * kDay);
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(store->counters().damaged_blocks, 1u);
  EXPECT_EQ(store->counters().blocks, 2u);
  EXPECT_EQ(SpansOf(*store, 2).value(), 1u);
  clock_.Advance(83 * kDay);
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(store->counters().damaged_blocks, 0u);
  EXPECT_EQ(store->counters().blocks, 0u);
}

TEST_F(TraceStoreKeepTest, NothingGoesWhileAPartCannotBeReadForTheMoment) {
  TraceStoreOptions options = Options();
  options.retention.keep = std::make_shared<SomeTraces>("too many open files");
  auto store = OpenAndReplay(storage_, options, clock_).value();
  Flush(*store, {1, 4});
  clock_.Advance(8 * kDay);
  const base::Status compacted = store->Compact();
  ASSERT_FALSE(compacted.ok());
  EXPECT_THAT(compacted.error().message, testing::HasSubstr("too many open files"));
  EXPECT_EQ(Counts(*store), (std::vector<size_t>{1, 0, 0, 1, 0}));
  EXPECT_EQ(store->counters().damaged_blocks, 0u);
  store.reset();
  store = Open(storage_, clock_);
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(Counts(*store), (std::vector<size_t>{1, 0, 0, 0, 0}));
}

// What would keep a trace may be in the log.
TEST_F(TraceStoreKeepTest, NothingExpiresBeforeTheLogIsRead) {
  auto store = Open(storage_, clock_);
  Flush(*store, {1, 4});
  store.reset();
  clock_.Advance(8 * kDay);
  store = TraceStore::Open(storage_, clock_, Options()).value();
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(store->counters().spans, 2u);
  ASSERT_TRUE(store->Replay([](const ReplayProgress&) {}).ok());
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(store->counters().spans, 1u);
}

// --- Faults ---

struct Way {
  FaultStorage::Fault fault;
  bool power_cut = false;
};

// Two windows expire on a storage that fails, and the store of what is left.
class FaultyExpiry {
 public:
  void Run(const Way& way, uint64_t at) {
    {
      const auto store = Open(memory_, clock_);
      Flush(*store, {1, 4});
      Flush(*store, {2, 3, 5});
      clock_.Advance(2 * kWindowNanos);
      Flush(*store, {4, 1}, 2);
    }
    clock_.Advance(8 * kDay);
    FaultStorage::Fault fault = way.fault;
    fault.at = at;
    FaultStorage faulty(memory_, fault);
    auto store = OpenAndReplay(faulty, Options(), clock_);
    if (store.ok()) {
      done_ = store.value()->Compact().ok();
      for (uint8_t trace = 1; trace <= 5; ++trace) {
        const auto spans = SpansOf(*store.value(), trace);
        if (spans.ok()) ExpectKeptOrUndecided(trace, spans.value());
      }
    }
    if (way.power_cut) cut_ = memory_.AfterPowerCut();
    struck_ = faulty.struck();
  }

  void ExpectWholeAfterAStart() {
    MemoryStorage& left = cut_ != nullptr ? *cut_ : memory_;
    const auto store = Open(left, clock_);
    const std::vector<size_t> counts = Counts(*store);
    for (uint8_t trace = 1; trace <= 5; ++trace) ExpectKeptOrUndecided(trace, counts[trace - 1]);
    ASSERT_TRUE(store->Compact().ok());
    EXPECT_THAT(Counts(*store), ElementsAre(2, 1, 1, 0, 0));
    const auto objects = objects::LocalObjectStore::OpenToRead(left, "data");
    const auto catalog = Catalog::Open(*objects, clock_, {}).value();
    EXPECT_EQ(objects->List("blocks/").value().size(), 4 * catalog->state()->blocks().size());
    EXPECT_EQ(store->counters().blocks, catalog->state()->blocks().size());
  }

  bool struck() const { return struck_; }
  bool done() const { return done_; }

 private:
  void ExpectKeptOrUndecided(uint8_t trace, size_t spans) const {
    const std::vector<size_t> all = {2, 1, 1, 2, 1};
    if (trace <= 3) {
      EXPECT_EQ(spans, all[trace - 1]) << "trace " << int{trace};
    } else {
      EXPECT_LE(spans, done_ ? 0 : all[trace - 1]) << "trace " << int{trace};
    }
  }

  MemoryStorage memory_;
  std::unique_ptr<MemoryStorage> cut_;
  base::SetClock clock_{kStart};
  bool done_ = false, struck_ = false;
};

void ExpectNothingLostWithAFaultAtEveryCall(const Way& way) {
  WalkOverFaults([&](uint64_t call) {
    FaultyExpiry run;
    run.Run(way, call);
    run.ExpectWholeAfterAStart();
    EXPECT_TRUE(run.struck() || run.done());
    return run.struck();
  });
}

TEST_F(TraceStoreKeepTest, NoKeptTraceIsLostWhateverCallFails) {
  ExpectNothingLostWithAFaultAtEveryCall({.fault = {.tears = true}});
}

TEST_F(TraceStoreKeepTest, NoKeptTraceIsLostWhenTheDiskIsFull) {
  ExpectNothingLostWithAFaultAtEveryCall(
      {.fault = {.of_room = true, .lasts = true, .code = base::ErrorCode::kExhausted}});
}

TEST_F(TraceStoreKeepTest, NoKeptTraceIsLostWhereverTheProcessEnds) {
  ExpectNothingLostWithAFaultAtEveryCall({.fault = {.dies = true}});
}

TEST_F(TraceStoreKeepTest, NoKeptTraceIsLostWheneverThePowerGoes) {
  ExpectNothingLostWithAFaultAtEveryCall({.fault = {.dies = true}, .power_cut = true});
}

}  // namespace
}  // namespace clew::store
