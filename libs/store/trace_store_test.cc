// SPDX-License-Identifier: Apache-2.0
#include "store/trace_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <thread>
#include <vector>

#include "base/fault_storage.h"
#include "wire/otlp_writer.h"

using testing::HasSubstr;

namespace clew::store {
namespace {

constexpr std::string_view kTenant = "tenant";

model::TraceId TraceOf(uint8_t number) {
  model::TraceId id;
  id.bytes[15] = number;
  return id;
}

// An OTLP body with one span of that trace.
std::string BodyOf(uint8_t number) {
  wire::OtlpWriter writer;
  writer.OnResource({});
  writer.OnScope({});
  writer.OnSpan({.trace_id = TraceOf(number),
                 .span_id = *model::SpanId::FromHex("1"),
                 .parent_span_id = {},
                 .name = "op"});
  return writer.Take();
}

class TraceStoreTest : public testing::Test {
 protected:
  TraceStoreTest() {
    std::string name = std::filesystem::temp_directory_path() / "clew-store-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~TraceStoreTest() override { std::filesystem::remove_all(folder_); }

  base::Result<std::unique_ptr<TraceStore>> Open(base::Storage& storage = base::Storage::Local(),
                                                 uint64_t limit = uint64_t{64} << 20) {
    TraceStoreOptions options = options_;
    options.directory = folder_;
    options.memory_limit_bytes = limit;
    options.wal_segment_bytes = segment_bytes_;
    auto store = TRY(TraceStore::Open(storage, base::Clock::System(), options));
    TRY(store->Replay([](const ReplayProgress&) {}));
    return store;
  }

  static base::Result<Appended> AppendTo(TraceStore& store, const std::string& body) {
    std::promise<base::Result<Appended>> promise;
    store.AppendAsync({.tenant = kTenant,
                       .format = wire::Format::kOtlpProtobuf,
                       .encoding = wire::ContentEncoding::kIdentity,
                       .body = body,
                       .plain = body},
                      [&](base::Result<Appended> result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }

  static size_t SpansOf(const TraceStore& store, uint8_t number) {
    const Sources sources = store.SourcesOf(kTenant);
    size_t spans = 0;
    for (const auto& memtable : sources.memtables)
      spans += memtable->RowsOf(TraceOf(number)).size();
    for (const auto& block : sources.blocks) {
      const auto runs = block->Find(TraceOf(number));
      EXPECT_TRUE(runs.ok()) << runs.error().message;
      for (const RowRange& run : runs.value()) spans += run.count;
    }
    return spans;
  }

  // Of one kind, when the directory is there already and one segment has to be read.
  uint64_t CallsOfAStartAndAnAppend(base::FaultStorage::Call kind) {
    uint64_t calls = 0;
    for (const uint8_t body : {uint8_t{100}, uint8_t{101}}) {
      base::FaultStorage counting(base::Storage::Local(), {.kind = kind, .at = UINT64_MAX});
      auto store = Open(counting).value();
      EXPECT_TRUE(AppendTo(*store, BodyOf(body)).ok());
      calls = counting.calls();
    }
    return calls;
  }

  std::string folder_;
  uint64_t segment_bytes_ = kSegmentBytes;
  TraceStoreOptions options_;
};

TEST_F(TraceStoreTest, AnAckedSpanIsVisibleAndThereAfterARestart) {
  {
    auto store = Open().value();
    EXPECT_TRUE(AppendTo(*store, BodyOf(1)).ok());
    EXPECT_EQ(SpansOf(*store, 1), 1u);
  }
  EXPECT_EQ(SpansOf(*Open().value(), 1), 1u);
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

TEST_F(TraceStoreTest, PastTheMemoryLimitNothingIsStored) {
  auto store = Open(base::Storage::Local(), 10).value();
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
  std::filesystem::remove(folder_ + "/store.json");
  auto file = base::Storage::Local().Open(folder_ + "/store.json", base::Storage::Mode::kCreate);
  ASSERT_TRUE(file.value()->Write(0, "{\"format\":99,\"node\":1,\"epoch\":1}").ok());
  EXPECT_EQ(Open().error().code, base::ErrorCode::kUnsupported);
}

// The kernel may have dropped the pages that a failed sync was for, so a later one
// that succeeds proves nothing.
TEST_F(TraceStoreTest, AfterAFailedSyncNothingIsAckedOrShown) {
  const uint64_t syncs = CallsOfAStartAndAnAppend(base::FaultStorage::Call::kSync);
  base::FaultStorage faulty(base::Storage::Local(),
                            {.kind = base::FaultStorage::Call::kSync, .at = syncs});
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
  base::FaultStorage full(base::Storage::Local(), {.kind = base::FaultStorage::Call::kWrite,
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
  for (int looks = 0; store->counters().merges < 2 && looks < 200; ++looks) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    for (uint8_t i = 1; i <= 30; ++i) ASSERT_EQ(SpansOf(*store, i), 1u) << int{i};
  }
  EXPECT_GE(store->counters().merges, 2u);
  EXPECT_LT(store->counters().blocks, 30u);
  EXPECT_EQ(store->counters().spans, 30u);
  store.reset();
  options_.compaction.fan_in = 1000;  // so that the next one leaves all as it is
  store = Open().value();
  for (uint8_t i = 1; i <= 30; ++i) EXPECT_EQ(SpansOf(*store, i), 1u) << int{i};
  EXPECT_EQ(store->counters().spans, 30u);
  // The files of merged blocks are gone.
  size_t folders = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ + "/blocks/tenant")) {
    folders += entry.is_directory();
  }
  EXPECT_EQ(folders, store->counters().blocks);
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
  for (int looks = 0; store->counters().blocks > 0 && looks < 200; ++looks) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(store->counters().dropped_blocks, 10u);
  EXPECT_EQ(store->counters().spans, 0u);
  EXPECT_EQ(SpansOf(*store, 1), 0u);
  // Nothing of the log comes back.
  store.reset();
  EXPECT_EQ(SpansOf(*Open().value(), 1), 0u);
}

// Whatever file call fails, of the start or of an append: what was acked, before or
// beside it, is there after the restart, once.
struct FaultCase {
  bool lasts;
  uint64_t segment_bytes;
  bool blocks = false;  // of every body, merged two by two
};
class TraceStoreFaultTest : public TraceStoreTest, public testing::WithParamInterface<FaultCase> {};

TEST_P(TraceStoreFaultTest, NoAckedSpanIsLost) {
  segment_bytes_ = GetParam().segment_bytes;
  if (GetParam().blocks) {
    options_.memtables.seal_bytes = 1;
    options_.compaction = {.fan_in = 2, .max_fan_in = 2};
  }
  constexpr uint8_t kBodies = 6;
  constexpr uint8_t kAckedBefore = 2;
  // Blocks cost many syncs; every call of theirs is for a deep run.
  const uint64_t stride = GetParam().blocks && getenv("CLEW_DEEP") == nullptr ? 7 : 1;
  for (uint64_t at = 0;; at += stride) {
    std::vector<bool> acked(kBodies);
    base::FaultStorage faulty(base::Storage::Local(), {.at = at, .lasts = GetParam().lasts});
    const auto append = [&](base::Storage& storage, uint8_t from, uint8_t to) {
      auto store = Open(storage);
      for (uint8_t i = from; store.ok() && i < to; ++i) {
        acked[i] = AppendTo(*store.value(), BodyOf(i + 1)).ok();
      }
    };
    append(base::Storage::Local(), 0, kAckedBefore);
    append(faulty, kAckedBefore, kBodies);

    auto store = Open().value();
    for (uint8_t i = 0; i < kBodies; ++i) {
      const size_t spans = SpansOf(*store, i + 1);
      ASSERT_LE(spans, 1u) << "call " << at;
      if (acked[i]) {
        ASSERT_EQ(spans, 1u) << "call " << at << ", body " << int{i};
      }
    }
    store.reset();
    std::filesystem::remove_all(folder_);
    if (faulty.struck()) continue;
    // The run came to its end without meeting the fault, so all of it was acked.
    ASSERT_THAT(acked, testing::Each(true));
    ASSERT_GT(at, 15u);
    break;
  }
}

// One record a segment, or all of them in one.
INSTANTIATE_TEST_SUITE_P(OneCallOrAllThatFollow, TraceStoreFaultTest,
                         testing::Values(FaultCase{false, 200}, FaultCase{false, 4096},
                                         FaultCase{true, 200}, FaultCase{true, 4096},
                                         FaultCase{false, 4096, true},
                                         FaultCase{true, 4096, true}));

}  // namespace
}  // namespace clew::store
