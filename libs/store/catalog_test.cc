// SPDX-License-Identifier: Apache-2.0
#include "store/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/fault_storage.h"
#include "base/memory_storage.h"
#include "objects/local_object_store.h"
#include "store/catalog_files_fixture.h"

using testing::HasSubstr;
using testing::SizeIs;

namespace clew::store {
namespace {

CatalogBlock BlockOf(std::string id, LsnRange lsns = {}, std::string tenant = "t") {
  return {.tenant = std::move(tenant),
          .id = std::move(id),
          .format = 1,
          .spans = 10,
          .traces = 2,
          .min_start_unix_nano = -5,
          .max_start_unix_nano = 7,
          .received_unix_nano = 9,
          .lsns = lsns,
          .objects = {{"spans.parquet", 100, {1, 2}}}};
}

class CatalogTest : public testing::Test {
 protected:
  CatalogTest() { OpenObjects(storage_); }

  void OpenObjects(base::Storage& storage) {
    objects_ = std::move(objects::LocalObjectStore::Open(storage, "data")).value();
  }
  std::unique_ptr<Catalog> Open(uint64_t epoch = 1, uint64_t snapshot_bytes = 64 << 10) {
    auto catalog = Catalog::Open(*objects_, base::Clock::System(),
                                 {.node = 5, .epoch = epoch, .snapshot_bytes = snapshot_bytes});
    EXPECT_TRUE(catalog.ok());
    return std::move(catalog).value();
  }

  base::MemoryStorage storage_;
  std::unique_ptr<objects::LocalObjectStore> objects_;
};

TEST_F(CatalogTest, KeepsWhatIsCommitted) {
  const auto catalog = Open();
  ASSERT_TRUE(catalog
                  ->Commit({.added = {BlockOf("a", {1, 5})},
                            .columns = {{"t", "span.x", ColumnType::kInt}}})
                  .ok());
  ASSERT_TRUE(catalog->Commit({.added = {BlockOf("b", {6, 9})}}).ok());
  ASSERT_TRUE(catalog->Commit({.added = {BlockOf("c")}, .removed = {"a", "b"}}).ok());
  for (const auto& state : {catalog->state(), Open()->state()}) {
    ASSERT_THAT(state->blocks(), SizeIs(1));
    EXPECT_EQ(state->blocks().at("c"), BlockOf("c"));
    EXPECT_EQ(state->FlushedLsn(5, "t"), 9u);
    EXPECT_EQ(state->FlushedLsn(5, "u"), 0u);
    EXPECT_EQ(state->FlushedLsn(6, "t"), 0u);
    EXPECT_EQ(state->HighestFlushedLsn(5), 9u);
    EXPECT_EQ(state->columns().front().name, "span.x");
  }
}

TEST_F(CatalogTest, KnowsUntilWhenABlockIsKept) {
  const auto catalog = Open(1, 1);
  CatalogBlock kept = BlockOf("b");
  kept.keep_until_unix_nano = 77;
  ASSERT_TRUE(catalog->Commit({.added = {BlockOf("a"), kept, BlockOf("c")}}).ok());
  ASSERT_TRUE(catalog->Commit({.removed = {"a"}}).ok());  // behind a snapshot
  EXPECT_EQ(Open()->state()->blocks().at("b"), kept);
  EXPECT_EQ(Open()->state()->blocks().at("c"), BlockOf("c"));
}

TEST_F(CatalogTest, RefusesWhatDoesNotFit) {
  const auto catalog = Open(2);
  ASSERT_TRUE(catalog->Commit({.added = {BlockOf("a", {5, 9})}}).ok());
  const auto refused = [&](const CatalogEntry& entry, const char* why) {
    const auto committed = catalog->Commit(entry);
    ASSERT_FALSE(committed.ok());
    EXPECT_EQ(committed.error().code, base::ErrorCode::kInvalidArgument);
    EXPECT_THAT(committed.error().message, HasSubstr(why));
  };
  refused({.removed = {"b"}}, "block b is not live");
  refused({.added = {BlockOf("b", {9, 12})}}, "in blocks up to 9");
  refused({.added = {BlockOf("a", {10, 12})}}, "there already");
  refused({.added = {BlockOf("b", {10, 12}), BlockOf("c", {12, 13})}}, "in blocks up to 12");
  EXPECT_TRUE(catalog->Commit({.added = {BlockOf("b", {9, 12}, "other")}}).ok());
  // A name has one type for ever, whoever claims it.
  const CatalogColumn column{.tenant = "t", .name = "span.x", .type = ColumnType::kInt};
  ASSERT_TRUE(catalog->Commit({.columns = {column}}).ok());
  EXPECT_TRUE(catalog->Commit({.columns = {column}}).ok());
  refused({.columns = {{.tenant = "t", .name = "span.x", .type = ColumnType::kString}}},
          "column span.x of tenant t is taken");
  refused({.columns = {{.tenant = "t", .name = "span.X", .type = ColumnType::kInt}}}, "is taken");
  EXPECT_TRUE(catalog->Commit({.columns = {{"other", "span.x", ColumnType::kString}}}).ok());
  // A second life of the node ends the first.
  ASSERT_TRUE(Open(3)->Commit({.added = {BlockOf("d", {20, 21})}}).ok());
  refused({.added = {BlockOf("e", {30, 31})}}, "epoch 2 of the node is over");
}

// Its blocks say all there is to do.
TEST_F(CatalogTest, AnEntryNamesWhatItDeletesAndAStateForgetsIt) {
  CatalogEntry entry{.removed = {"a"},
                     .deletions = {{.tenant = "t", .trace_id = {}, .before_lsn = 7},
                                   {.tenant = "u",
                                    .trace_id = model::TraceId::FromHex("5"),
                                    .before_lsn = uint64_t{3} << 32}}};
  EXPECT_EQ(DecodeCatalogEntry(EncodeCatalogEntry(entry)).value(), entry);
  const auto catalog = Open();
  ASSERT_TRUE(catalog->Commit({.added = {BlockOf("a", {1, 5})}}).ok());
  ASSERT_TRUE(catalog->Commit(entry).ok());
  EXPECT_THAT(Open()->state()->blocks(), SizeIs(0));
  EXPECT_EQ(Open()->state()->FlushedLsn(5, "t"), 5u);
  EXPECT_THAT(Open()->state()->Snapshot().deletions, SizeIs(0));
}

TEST_F(CatalogTest, WritersThatRaceAllComeIn) {
  constexpr int kWriters = 8;
  constexpr int kCommits = 15;
  std::vector<std::thread> threads;
  threads.reserve(kWriters);
  std::atomic<int> taken = 0;
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      const auto catalog = Open(1, 2000);
      for (int i = 0; i < kCommits; ++i) {
        const std::string id = std::to_string(writer) + "-" + std::to_string(i);
        ASSERT_TRUE(catalog->Commit({.added = {BlockOf(id)}}).ok());
        // Of all that want to remove the same block one may.
        const auto removed = catalog->Commit({.removed = {"0-" + std::to_string(i)}});
        if (removed.ok()) ++taken;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto state = Open()->state();
  EXPECT_EQ(state->blocks().size(), static_cast<size_t>(kWriters * kCommits - taken));
  EXPECT_LE(taken, kCommits);
}

TEST_F(CatalogTest, IsTheSameThroughSnapshots) {
  const auto catalog = Open(1, 300);
  const auto reader = Open();
  for (uint64_t i = 1; i <= 60; ++i) {
    CatalogEntry entry{.added = {BlockOf(std::to_string(i), {i, i})}};
    if (i > 3) entry.removed = {std::to_string(i - 2)};
    ASSERT_TRUE(catalog->Commit(entry).ok());
    if (i % 7 == 0) {
      EXPECT_EQ(reader->Refresh().value()->Snapshot(), catalog->state()->Snapshot());
    }
    EXPECT_EQ(Open()->state()->Snapshot(), catalog->state()->Snapshot()) << i;
  }
  // What is behind two snapshots is gone.
  const std::set<std::string> files = CatalogFilesOf(*objects_);
  EXPECT_EQ(files, NeededCatalogFiles(files));
  EXPECT_TRUE(files.contains("trimmed"));
  EXPECT_FALSE(files.contains("00000000000000000001"));
}

// The number that comes next for it is free, because its entry was deleted.
TEST_F(CatalogTest, AWriterThatSleptCommitsBehindTheOthers) {
  for (const bool from_the_first : {true, false}) {
    ASSERT_TRUE(from_the_first || Open()->Commit({.added = {BlockOf("x")}}).ok());
    const auto sleeper = Open();
    const auto reader = Open();
    const auto other = Open(1, 200);
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(
          other->Commit({.added = {BlockOf(std::to_string(from_the_first * 100 + i))}}).ok());
    }
    const std::string late = "late" + std::to_string(from_the_first);
    ASSERT_TRUE(sleeper->Commit({.added = {BlockOf(late)}}).ok());
    EXPECT_TRUE(Open()->state()->blocks().contains(late));
    for (const auto& catalog : {sleeper.get(), reader.get(), other.get()}) {
      EXPECT_EQ(catalog->Refresh().value()->Snapshot(), Open()->state()->Snapshot());
    }
  }
}

// Passes calls on to another store; the first PutIfAbsent does its work, lets something
// else happen and loses its answer.
class AnswerLoser final : public objects::ObjectStore {
 public:
  AnswerLoser(objects::ObjectStore& inner, std::function<void()> meanwhile)
      : inner_(inner), meanwhile_(std::move(meanwhile)) {}

  base::Result<std::string> Get(std::string_view key, uint64_t offset, uint64_t size) override {
    return inner_.Get(key, offset, size);
  }
  base::Result<std::string> GetAll(std::string_view key) override { return inner_.GetAll(key); }
  base::Result<uint64_t> SizeOf(std::string_view key) override { return inner_.SizeOf(key); }
  base::Status Put(std::string_view key, std::string_view bytes) override {
    return inner_.Put(key, bytes);
  }
  base::Result<std::unique_ptr<objects::ObjectUpload>> BeginUpload(std::string_view key) override {
    return inner_.BeginUpload(key);
  }
  base::Result<bool> PutIfAbsent(std::string_view key, std::string_view bytes) override {
    auto made = inner_.PutIfAbsent(key, bytes);
    if (meanwhile_ == nullptr) return made;
    std::exchange(meanwhile_, nullptr)();
    return base::Error{base::ErrorCode::kUnavailable, "the answer was lost"};
  }
  base::Result<std::vector<std::string>> List(std::string_view prefix) override {
    return inner_.List(prefix);
  }
  base::Status Delete(std::string_view key) override { return inner_.Delete(key); }

 private:
  objects::ObjectStore& inner_;
  std::function<void()> meanwhile_;
};

TEST_F(CatalogTest, ACommitWhoseAnswerWasLostIsRecognisedBehindASnapshot) {
  for (const int others : {0, 1, 20}) {
    const auto other = Open(1, 200);
    AnswerLoser loser(*objects_, [&] {
      for (int i = 0; i < others; ++i) {
        ASSERT_TRUE(other->Commit({.added = {BlockOf(std::to_string(others + i))}}).ok());
      }
    });
    const auto catalog =
        std::move(Catalog::Open(loser, base::Clock::System(), {.node = 6, .epoch = 1})).value();
    const std::string id = "lost" + std::to_string(others);
    EXPECT_TRUE(catalog->Commit({.added = {BlockOf(id)}}).ok());
    EXPECT_TRUE(Open()->state()->blocks().contains(id));
  }
}

// Its second try makes the entry once more where the first, long taken, was deleted. A writer
// that slept right behind it must not take that for the one it knows.
TEST_F(CatalogTest, ACommitTriedAgainDoesNotDeceiveAWriterThatSlept) {
  const auto other = Open(1, 200);
  const auto sleeper = Open();
  AnswerLoser loser(*objects_, [&] {
    ASSERT_TRUE(sleeper->Refresh().value()->blocks().contains("lost"));
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(other->Commit({.added = {BlockOf(std::to_string(i))}}).ok());
    }
  });
  const auto catalog =
      std::move(Catalog::Open(loser, base::Clock::System(), {.node = 6, .epoch = 1})).value();
  ASSERT_TRUE(catalog->Commit({.added = {BlockOf("lost")}}).ok());
  ASSERT_TRUE(sleeper->Commit({.added = {BlockOf("late")}}).ok());
  EXPECT_TRUE(Open()->state()->blocks().contains("late"));
  EXPECT_FALSE(objects_->GetAll("catalog/0/00000000000000000001").ok());
}

TEST_F(CatalogTest, NamesADamagedEntry) {
  ASSERT_TRUE(Open()->Commit({.added = {BlockOf("a", {1, 5})}}).ok());
  const std::string key = "catalog/0/00000000000000000001";
  const std::string good = objects_->GetAll(key).value();
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x11);
    ASSERT_TRUE(objects_->Delete(key).ok());
    ASSERT_TRUE(objects_->Put(key, bad).ok());
    const auto catalog = Catalog::Open(*objects_, base::Clock::System(), {.node = 5, .epoch = 1});
    ASSERT_FALSE(catalog.ok()) << at;
    EXPECT_THAT(catalog.error().message, HasSubstr(key)) << at;
  }
}

TEST(CatalogEntry, ComesBackWithWhatIsNotKnown) {
  const CatalogEntry entry{.nonce = 1,
                           .node = 2,
                           .epoch = 3,
                           .time_unix_nano = -4,
                           .added = {BlockOf("a", {1, 2}), BlockOf("b")},
                           .removed = {"x", ""},
                           .columns = {{"t", "span.k", ColumnType::kBoolArray}},
                           .flushed = {{7, "t", 9}},
                           .epochs = {{1, 2}},
                           .recent = {1, 5},
                           .unknown = {{99, "of later"}}};
  const std::string bytes = EncodeCatalogEntry(entry);
  EXPECT_EQ(DecodeCatalogEntry(bytes).value(), entry);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeCatalogEntry(bytes.substr(0, size)).ok()) << size;
  }
  std::string newer = bytes;
  newer[10] = 9;
  EXPECT_EQ(DecodeCatalogEntry(newer).error().code, base::ErrorCode::kUnsupported);
}

// Commits six blocks on a storage that may fail; those that were reported to be there.
std::set<std::string> CommitSix(base::Storage& storage) {
  std::set<std::string> committed;
  const auto objects = objects::LocalObjectStore::Open(storage, "data");
  if (!objects.ok()) return committed;
  const auto catalog = Catalog::Open(*objects.value(), base::Clock::System(),
                                     {.node = 5, .epoch = 1, .snapshot_bytes = 200});
  for (uint64_t i = 1; i <= 6 && catalog.ok(); ++i) {
    const std::string id = std::to_string(i);
    if (catalog.value()->Commit({.added = {BlockOf(id, {i, i})}}).ok()) committed.insert(id);
  }
  return committed;
}

TEST(CatalogEntry, IsRefusedWhenItTellsOfNodeZero) {
  EXPECT_FALSE(DecodeCatalogEntry(EncodeCatalogEntry({.epochs = {{0, 7}}})).ok());
  EXPECT_FALSE(DecodeCatalogEntry(EncodeCatalogEntry({.flushed = {{0, "tenant", 7}}})).ok());
  EXPECT_TRUE(DecodeCatalogEntry(EncodeCatalogEntry({.epochs = {{1, 7}}})).ok());
}

// Whatever call fails: a commit that was reported is there afterwards, and one that
// was refused by a fault is there whole or not at all. No file of it stays for ever.
TEST_F(CatalogTest, HoldsItsWordAfterEveryFault) {
  for (const bool lasts : {false, true}) {
    bool struck = true;
    for (uint64_t at = 0; struck; ++at) {
      base::MemoryStorage memory;
      base::FaultStorage storage(memory, {.at = at, .lasts = lasts});
      const std::set<std::string> committed = CommitSix(storage);
      OpenObjects(memory);
      const auto catalog = Open(1, 200);
      const auto state = catalog->state();
      for (const std::string& id : committed) EXPECT_TRUE(state->blocks().contains(id)) << at;
      EXPECT_LE(state->blocks().size(), 6u);
      ExpectNextSnapshotTidiesUp(*catalog, *objects_);
      objects_.reset();
      struck = storage.struck();
      EXPECT_TRUE(struck || committed.size() == 6);
    }
  }
}

TEST_F(CatalogTest, NamesTheEntryThatIsMissing) {
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_TRUE(Open()->Commit({.added = {BlockOf(id)}}).ok());
  }
  ASSERT_TRUE(objects_->Delete("catalog/0/00000000000000000002").ok());
  const auto opened = Catalog::Open(*objects_, base::Clock::System(), {});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, base::ErrorCode::kCorruption);
  EXPECT_THAT(opened.error().message, HasSubstr("catalog/0/00000000000000000002 is missing"));
}

}  // namespace
}  // namespace clew::store
