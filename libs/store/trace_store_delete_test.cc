// SPDX-License-Identifier: Apache-2.0
// What is deleted is gone from answers, files and log, and nothing else is. Every call to
// the storage that a deletion makes is made to go wrong: then the trace is whole or gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/fault_storage.h"
#include "base/log.h"
#include "base/memory_storage.h"
#include "objects/local_object_store.h"
#include "store/catalog.h"
#include "store/fault_walk_fixture.h"
#include "store/random_spans_fixture.h"
#include "store/row_reader.h"
#include "store/trace_store_fixture.h"
#include "wire/otlp_writer.h"

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace clew::store {
namespace {

using base::FaultStorage;
using base::MemoryStorage;

constexpr uint8_t kDeleted = 7;  // the trace that is deleted
constexpr uint8_t kOther = 8;    // one that is everywhere it is
constexpr std::string_view kMarkerKey = "marker.key";
constexpr std::string_view kMarker = "marker-value-of-the-trace";

// Bytes that no file has by chance.
model::TraceId IdOf(uint8_t trace) {
  if (trace != kDeleted) return TraceOf(trace);
  return *model::TraceId::FromHex("d7e1e7ed94c1b2a3d7e1e7ed94c1b2a3");
}

TraceStoreOptions Options() {
  TraceStoreOptions options;
  options.directory = "data";
  options.wal_segment_bytes = 4096;
  options.compaction = {.fan_in = 2, .max_fan_in = 3};
  options.idle_look = std::chrono::hours(1);  // only when it is told to
  return options;
}

void WriteSpan(uint8_t trace, uint8_t span, wire::OtlpWriter& writer) {
  writer.OnSpan({.trace_id = IdOf(trace),
                 .span_id = *model::SpanId::FromHex(std::to_string(span)),
                 .parent_span_id = {},
                 .name = "op"});
  writer.OnAttribute("everywhere", model::ValueView::String("trace" + std::to_string(trace)));
  if (trace == kDeleted) writer.OnAttribute(kMarkerKey, model::ValueView::String(kMarker));
}

// One span of each of these traces.
std::string BodyOfTraces(std::initializer_list<uint8_t> traces, uint8_t span) {
  wire::OtlpWriter writer;
  writer.OnResource({});
  writer.OnScope({});
  for (const uint8_t trace : traces) WriteSpan(trace, span, writer);
  return writer.Take();
}

// All spans of a trace, as texts.
base::Result<std::vector<std::string>> Read(const TraceStore& store, uint8_t trace) {
  const Sources sources = store.SourcesOf(kTestTenant);
  SpanTexts texts;
  for (const auto& memtable : sources.memtables) {
    ReadRows(*memtable, memtable->RowsOf(IdOf(trace)), texts);
  }
  for (const auto& block : sources.blocks) {
    for (const RowRange& run : TRY(block->Find(IdOf(trace)))) TRY(block->ReadSpans(run, texts));
  }
  return texts.Sorted();
}

std::vector<std::string> TextsOf(const TraceStore& store, uint8_t trace) {
  const auto texts = Read(store, trace);
  EXPECT_TRUE(texts.ok()) << texts.error().message;
  return texts.ok() ? texts.value() : std::vector<std::string>();
}

size_t CountOf(const TraceStore& store, uint8_t trace) {
  return TextsOf(store, trace).size();
}

base::Result<Deleted> DeleteIt(TraceStore& store) {
  return store.Delete(kTestTenant, IdOf(kDeleted));
}

// Bytes of the trace: its id, its values, its column. The catalog is left out, which
// tells which id was deleted.
std::vector<std::string> FilesWithBytesOfIt(MemoryStorage& storage) {
  const model::TraceId id = IdOf(kDeleted);
  const std::string raw(id.bytes.begin(), id.bytes.end());
  std::vector<std::string> found;
  for (const std::string& path : storage.Paths()) {
    if (path.ends_with('/') || path.starts_with("data/catalog/")) continue;
    const auto file = storage.Open(path, base::Storage::Mode::kRead);
    if (!file.ok()) continue;  // Blocks are merged meanwhile.
    const std::string bytes = file.value()->Read(0, file.value()->Size().value()).value();
    const bool has = bytes.find(raw) != std::string::npos ||
                     bytes.find(kMarker) != std::string::npos ||
                     bytes.find(kMarkerKey) != std::string::npos;
    if (has) found.push_back(path);
  }
  return found;
}

// The columns of all blocks.
std::vector<std::string> ColumnsOf(const TraceStore& store) {
  std::vector<std::string> names;
  for (const auto& block : store.SourcesOf(kTestTenant).blocks) {
    const auto spans = block->OpenSpans();
    EXPECT_TRUE(spans.ok());
    for (const BlockColumn& column : spans.value().columns) names.push_back(column.name);
  }
  return names;
}

// Two merged blocks' worth of both traces, a block with the deleted one alone, one
// without it, and both in memory.
void Prepare(TraceStore& store) {
  uint8_t span = 0;
  const auto flushed = [&](std::initializer_list<uint8_t> traces) {
    ASSERT_TRUE(AppendTo(store, BodyOfTraces(traces, ++span)).ok());
    ASSERT_TRUE(store.Flush().ok());
  };
  flushed({kDeleted, kOther});
  flushed({kOther, 1, kDeleted});
  ASSERT_TRUE(store.Compact().ok());
  flushed({kDeleted});
  flushed({1, 2});
  flushed({kDeleted, 2, kOther});
  ASSERT_TRUE(AppendTo(store, BodyOfTraces({kDeleted, kOther, 3}, ++span)).ok());
}

class TraceStoreDeleteTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { base::SetLogSilent(); }
  std::unique_ptr<TraceStore> Open() {
    auto store = OpenAndReplay(storage_, Options());
    EXPECT_TRUE(store.ok());
    return std::move(store).value();
  }
  MemoryStorage storage_;
};

TEST_F(TraceStoreDeleteTest, ATraceIsGoneFromBlocksAndMemoryAndTheOthersAreNot) {
  auto store = Open();
  Prepare(*store);
  std::map<uint8_t, std::vector<std::string>> others;
  for (const uint8_t trace : {uint8_t{1}, uint8_t{2}, uint8_t{3}, kOther})
    others[trace] = TextsOf(*store, trace);
  ASSERT_THAT(TextsOf(*store, kDeleted), testing::SizeIs(5));
  ASSERT_THAT(ColumnsOf(*store), Contains("span.marker.key"));

  const Deleted deleted = DeleteIt(*store).value();
  EXPECT_EQ(deleted.spans, 5u);
  EXPECT_EQ(deleted.rewritten_blocks, 3u);
  EXPECT_EQ(deleted.removed_blocks, 1u);
  EXPECT_EQ(store->counters().spans, 9u);
  for (int life = 0; life < 2; ++life) {
    EXPECT_THAT(TextsOf(*store, kDeleted), IsEmpty());
    for (const auto& [trace, texts] : others) EXPECT_EQ(TextsOf(*store, trace), texts);
    EXPECT_THAT(ColumnsOf(*store), Not(Contains("span.marker.key")));
    ASSERT_TRUE(store->Compact().ok());
    store.reset();
    store = Open();
  }
}

TEST_F(TraceStoreDeleteTest, NoFileHasBytesOfTheTraceWhenItReturns) {
  auto store = Open();
  Prepare(*store);
  ASSERT_THAT(FilesWithBytesOfIt(storage_), Contains(HasSubstr(".wal")));
  ASSERT_THAT(FilesWithBytesOfIt(storage_), Contains(HasSubstr("spans.parquet")));
  ASSERT_TRUE(DeleteIt(*store).ok());
  EXPECT_THAT(FilesWithBytesOfIt(storage_), IsEmpty());
  const auto cut = storage_.AfterPowerCut();
  const auto after = OpenAndReplay(*cut, Options());
  ASSERT_TRUE(after.ok());
  EXPECT_THAT(FilesWithBytesOfIt(*cut), IsEmpty());
  EXPECT_THAT(TextsOf(*after.value(), kDeleted), IsEmpty());
}

TEST_F(TraceStoreDeleteTest, TheFilesOfABlockStayForAsLongAsAQueryReadsIt) {
  auto store = Open();
  ASSERT_TRUE(AppendTo(*store, BodyOfTraces({kDeleted, 1}, 1)).ok());
  ASSERT_TRUE(store->Flush().ok());
  Sources before = store->SourcesOf(kTestTenant);
  ASSERT_TRUE(DeleteIt(*store).ok());
  EXPECT_EQ(before.blocks.front()->Find(IdOf(kDeleted)).value().size(), 1u);
  EXPECT_THAT(FilesWithBytesOfIt(storage_), Not(IsEmpty()));
  before = {};
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_THAT(FilesWithBytesOfIt(storage_), IsEmpty());
}

TEST_F(TraceStoreDeleteTest, WhatComesAfterwardsUnderTheSameIdIsKept) {
  auto store = Open();
  Prepare(*store);
  ASSERT_TRUE(DeleteIt(*store).ok());
  ASSERT_TRUE(AppendTo(*store, BodyOfTraces({kDeleted}, 90)).ok());
  EXPECT_EQ(CountOf(*store, kDeleted), 1u);
  store.reset();
  store = Open();
  EXPECT_EQ(CountOf(*store, kDeleted), 1u);
  // A retry of what was deleted is not stored once more.
  EXPECT_TRUE(AppendTo(*store, BodyOfTraces({kDeleted}, 3)).value().duplicate);
  EXPECT_EQ(CountOf(*store, kDeleted), 1u);
}

TEST_F(TraceStoreDeleteTest, OfATraceThatIsNotThereNothingIsDeleted) {
  auto store = Open();
  ASSERT_TRUE(AppendTo(*store, BodyOfTraces({1}, 1)).ok());
  const Deleted deleted = DeleteIt(*store).value();
  EXPECT_EQ(deleted.spans, 0u);
  EXPECT_EQ(deleted.rewritten_blocks + deleted.removed_blocks, 0u);
  EXPECT_EQ(CountOf(*store, 1), 1u);
  EXPECT_EQ(store->Delete("nobody", {}).value().spans, 0u);
}

TEST_F(TraceStoreDeleteTest, ATenantIsGoneWholeAndItsNeighbourIsNot) {
  auto store = Open();
  Prepare(*store);
  const std::string neighbours = BodyOfTraces({1}, 1);
  std::atomic<bool> stored = false;
  store->AppendAsync({.tenant = "neighbour",
                      .format = wire::Format::kOtlpProtobuf,
                      .encoding = wire::ContentEncoding::kIdentity,
                      .body = neighbours,
                      .plain = neighbours},
                     [&](const base::Result<Appended>& appended) { stored = appended.ok(); });
  EXPECT_EQ(store->Delete(kTestTenant, {}).value().spans, 14u);
  ASSERT_TRUE(stored);
  for (int life = 0; life < 2; ++life) {
    EXPECT_THAT(store->SourcesOf(kTestTenant).blocks, IsEmpty());
    EXPECT_EQ(store->counters().spans, 1u);
    EXPECT_THAT(FilesWithBytesOfIt(storage_), IsEmpty());
    EXPECT_THAT(storage_.Paths(), Each(Not(HasSubstr("blocks/tenant/"))));
    store.reset();
    store = Open();
  }
  ASSERT_TRUE(AppendTo(*store, BodyOfTraces({kDeleted}, 90)).ok());
  EXPECT_EQ(CountOf(*store, kDeleted), 1u);
}

// Flushes, merges and appends of other traces go on in threads of their own.
TEST_F(TraceStoreDeleteTest, TracesAreDeletedWhileBlocksAreMergedAndSpansComeIn) {
  auto store = Open();
  std::atomic<bool> stop = false;
  std::thread upkeep([&] {
    while (!stop) {
      EXPECT_TRUE(store->Flush().ok());
      EXPECT_TRUE(store->Compact().ok());
    }
  });
  for (uint8_t round = 1; round <= 30; ++round) {
    for (int part = 0; part < 3; ++part) {
      const auto span = static_cast<uint8_t>(part * 40 + round);
      ASSERT_TRUE(AppendTo(*store, BodyOfTraces({kDeleted, kOther}, span)).ok());
    }
    ASSERT_EQ(DeleteIt(*store).value().spans, 3u);
    ASSERT_EQ(CountOf(*store, kDeleted), 0u);
    ASSERT_EQ(CountOf(*store, kOther), round * size_t{3});
  }
  stop = true;
  upkeep.join();
  EXPECT_EQ(CountOf(*store, kDeleted), 0u);
  EXPECT_EQ(CountOf(*store, kOther), 90u);
  EXPECT_GE(store->counters().merges, 1u);
}

// A merge that another process began before the deletion.
TEST_F(TraceStoreDeleteTest, ACommitOfBlocksThatHadTheTraceIsRefused) {
  auto store = Open();
  ASSERT_TRUE(AppendTo(*store, BodyOfTraces({kDeleted, 1}, 1)).ok());
  ASSERT_TRUE(store->Flush().ok());
  const std::string id = store->SourcesOf(kTestTenant).blocks.front()->description().id;
  ASSERT_TRUE(DeleteIt(*store).ok());
  const auto objects = objects::LocalObjectStore::Open(storage_, "data").value();
  const auto catalog = Catalog::Open(*objects, base::Clock::System(), {}).value();
  const auto merged = catalog->Commit(
      {.added = {{.tenant = std::string(kTestTenant), .id = "M"}}, .removed = {id}});
  EXPECT_THAT(merged.error().message, HasSubstr("is not live"));
}

// --- Faults ---

struct Way {
  FaultStorage::Fault fault;
  bool power_cut = false;
};

// A start, an append and a deletion with a fault, and the store of what is left.
class FaultyDeletion {
 public:
  void Run(const Way& way, uint64_t at) {
    Prepare(*OpenAndReplay(memory_, Options()).value());
    FaultStorage::Fault fault = way.fault;
    fault.at = at;
    FaultStorage faulty(memory_, fault);
    auto store = OpenAndReplay(faulty, Options());
    if (store.ok()) {
      appended_ = AppendTo(*store.value(), BodyOfTraces({kDeleted, kOther}, 90)).ok();
      deleted_ = DeleteIt(*store.value()).ok();
      const auto shown = Read(*store.value(), kDeleted);
      if (shown.ok()) ExpectWholeOrGone(shown.value().size());
    }
    if (way.power_cut) cut_ = memory_.AfterPowerCut();
    struck_ = faulty.struck();
  }

  void ExpectWholeOrGoneAfterAStart() {
    MemoryStorage& left = cut_ != nullptr ? *cut_ : memory_;
    auto store = OpenAndReplay(left, Options());
    ASSERT_TRUE(store.ok()) << store.error().message;
    ExpectWholeOrGone(CountOf(*store.value(), kDeleted));
    EXPECT_GE(CountOf(*store.value(), kOther), appended_ ? 5u : 4u);
    EXPECT_EQ(CountOf(*store.value(), 3), 1u);
    if (deleted_) {
      EXPECT_THAT(FilesWithBytesOfIt(left), IsEmpty());
    }
    ASSERT_TRUE(DeleteIt(*store.value()).ok());
    ExpectNoFileHasIt(left);
  }

  bool struck() const { return struck_; }
  bool deleted() const { return deleted_; }

 private:
  void ExpectWholeOrGone(size_t spans) const {
    if (deleted_) {
      EXPECT_EQ(spans, 0u);
    } else {
      EXPECT_THAT(spans, testing::AnyOf(0u, appended_ ? 6u : 5u, 6u));
    }
  }

  // What an append that did not end left in the log is kept aside.
  static void ExpectNoFileHasIt(MemoryStorage& storage) {
    EXPECT_THAT(FilesWithBytesOfIt(storage), Each(HasSubstr("wal/damaged/")));
  }

  MemoryStorage memory_;
  std::unique_ptr<MemoryStorage> cut_;
  bool appended_ = false;
  bool deleted_ = false;
  bool struck_ = false;
};

void ExpectWholeOrGoneWithAFaultAtEveryCall(const Way& way) {
  WalkOverFaults([&](uint64_t call) {
    FaultyDeletion run;
    run.Run(way, call);
    run.ExpectWholeOrGoneAfterAStart();
    EXPECT_TRUE(run.struck() || run.deleted());
    return run.struck();
  });
}

TEST_F(TraceStoreDeleteTest, ATraceIsWholeOrGoneWhateverCallFails) {
  ExpectWholeOrGoneWithAFaultAtEveryCall({.fault = {.tears = true}});
}

TEST_F(TraceStoreDeleteTest, ATraceIsWholeOrGoneWhereverTheProcessEnds) {
  ExpectWholeOrGoneWithAFaultAtEveryCall({.fault = {.dies = true}});
}

TEST_F(TraceStoreDeleteTest, ATraceIsWholeOrGoneWheneverThePowerGoes) {
  ExpectWholeOrGoneWithAFaultAtEveryCall({.fault = {.dies = true}, .power_cut = true});
}

}  // namespace
}  // namespace clew::store
