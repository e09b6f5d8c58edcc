// SPDX-License-Identifier: Apache-2.0
// Many writers of one catalog, in a bucket that loses answers, refuses calls, shows lists
// of earlier and lets threads overtake each other. Whatever happens, the entries in the
// order of their numbers are a history that one writer alone could have made, and
// everybody was told the truth about it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/test_effort.h"
#include "objects/fake_object_store_fixture.h"
#include "store/catalog.h"
#include "store/catalog_files_fixture.h"

namespace clew::store {
namespace {

using objects::FakeObjectStore;
using Random = std::mt19937_64;

constexpr uint64_t kWriters = 8;
constexpr uint64_t kCompactor = kWriters + 1;  // nodes
constexpr uint64_t kRetention = kWriters + 2;
constexpr int kCommits = 12;  // of each

enum class Told : uint8_t { kDone, kRefused, kUnknown };

// A commit as its writer knows it, by a block that it alone adds or removes.
struct Attempt {
  uint64_t node = 0;
  std::string added, removed;
  Told told{};
};

Told ToldBy(const base::Status& status) {
  if (status.ok()) return Told::kDone;
  return status.error().code == base::ErrorCode::kInvalidArgument ? Told::kRefused : Told::kUnknown;
}

CatalogBlock BlockOf(std::string id, LsnRange lsns) {
  return {.tenant = "t",
          .id = std::move(id),
          .format = 1,
          .spans = 10,
          .traces = 2,
          .lsns = lsns,
          .objects = {{"spans.parquet", 100, {1, 2}}}};
}

class CatalogRace {
 public:
  CatalogRace(uint64_t seed, FakeObjectStore::Faults faults, uint64_t snapshot_bytes)
      : seed_(seed), snapshot_bytes_(snapshot_bytes), objects_(seed, faults) {}

  void Run() {
    std::vector<std::vector<Attempt>> attempts(kRetention + 1);
    std::vector<std::thread> threads;
    threads.reserve(kRetention + 1);
    for (uint64_t node = 1; node <= kWriters; ++node) {
      threads.emplace_back([&, node] { attempts[node] = Flush(node); });
    }
    threads.emplace_back([&] { attempts[kCompactor] = Merge(); });
    threads.emplace_back([&] { attempts[kRetention] = Drop(); });
    threads.emplace_back([&] { Read(); });
    for (std::thread& thread : threads) thread.join();
    objects_.Heal();
    for (const auto& of_node : attempts) {
      attempts_.insert(attempts_.end(), of_node.begin(), of_node.end());
    }
  }

  // The first entry that was made of each number; what was made of a number that was
  // deleted nobody counts.
  std::map<std::string, CatalogEntry> Entries() const {
    std::map<std::string, CatalogEntry> entries;
    for (const FakeObjectStore::Made& made : objects_.history()) {
      if (made.key.ends_with(".snapshot") || made.key.ends_with("trimmed")) continue;
      auto entry = DecodeCatalogEntry(made.bytes);
      EXPECT_TRUE(entry.ok());
      entries.try_emplace(made.key, std::move(entry).value());
    }
    return entries;
  }

  std::unique_ptr<Catalog> Open(uint64_t node) {
    while (true) {
      auto catalog = Catalog::Open(objects_, base::Clock::System(),
                                   {.node = node, .epoch = 1, .snapshot_bytes = snapshot_bytes_});
      if (catalog.ok()) return std::move(catalog).value();
      EXPECT_EQ(catalog.error().code, base::ErrorCode::kUnavailable);
    }
  }

  const std::vector<Attempt>& attempts() const { return attempts_; }
  FakeObjectStore& objects() { return objects_; }
  uint64_t snapshot_bytes() const { return snapshot_bytes_; }

 private:
  // Blocks of rising positions; one it does not know the fate of is tried again, as the
  // store does.
  std::vector<Attempt> Flush(uint64_t node) {
    Random random(seed_ * 100 + node);
    const auto catalog = Open(node);
    std::vector<Attempt> attempts;
    uint64_t lsn = 0;
    for (int i = 0; i < kCommits; ++i) {
      const LsnRange lsns{lsn + 1, lsn + 1 + random() % 5};
      const std::string id = std::to_string(node) + "-" + std::to_string(i);
      const Told told = ToldBy(catalog->Commit({.added = {BlockOf(id, lsns)}}));
      attempts.push_back({.node = node, .added = id, .removed = "", .told = told});
      if (told == Told::kDone) lsn = lsns.last;
      // Half of the time it looks how far it came.
      const auto state = catalog->Refresh();
      if (state.ok() && random() % 2 == 0) lsn = state.value()->FlushedLsn(node, "t");
    }
    return attempts;
  }

  std::vector<Attempt> Merge() {
    Random random(seed_ * 100 + kCompactor);
    const auto catalog = Open(kCompactor);
    std::vector<Attempt> attempts;
    for (int i = 0; i < 2 * kCommits; ++i) {
      const auto state = catalog->Refresh();
      if (!state.ok() || state.value()->blocks().size() < 2) continue;
      auto first = state.value()->blocks().begin();
      std::advance(first, random() % (state.value()->blocks().size() - 1));
      const std::string id = "m-" + std::to_string(i);
      const CatalogEntry entry{.added = {BlockOf(id, {})},
                               .removed = {first->first, std::next(first)->first}};
      attempts.push_back({.node = kCompactor,
                          .added = id,
                          .removed = first->first,
                          .told = ToldBy(catalog->Commit(entry))});
    }
    return attempts;
  }

  std::vector<Attempt> Drop() {
    Random random(seed_ * 100 + kRetention);
    const auto catalog = Open(kRetention);
    std::vector<Attempt> attempts;
    for (int i = 0; i < kCommits; ++i) {
      const auto state = catalog->Refresh();
      if (!state.ok() || state.value()->blocks().empty()) continue;
      auto block = state.value()->blocks().begin();
      std::advance(block, random() % state.value()->blocks().size());
      attempts.push_back({.node = kRetention,
                          .added = "",
                          .removed = block->first,
                          .told = ToldBy(catalog->Commit({.removed = {block->first}}))});
    }
    return attempts;
  }

  // What is flushed stays flushed, what is removed stays removed.
  void Read() {
    const auto catalog = Open(kRetention + 1);
    std::set<std::string> live;
    std::set<std::string> removed;
    std::vector<uint64_t> flushed(kWriters + 1);
    for (int i = 0; i < 20 * kCommits; ++i) {
      const auto state = catalog->Refresh();
      if (!state.ok()) continue;
      for (uint64_t node = 1; node <= kWriters; ++node) {
        const uint64_t lsn = state.value()->FlushedLsn(node, "t");
        EXPECT_GE(lsn, flushed[node]);
        flushed[node] = lsn;
      }
      const auto& blocks = state.value()->blocks();
      for (const std::string& id : live) {
        if (!blocks.contains(id)) removed.insert(id);
      }
      live.clear();
      for (const auto& [id, block] : blocks) {
        EXPECT_FALSE(removed.contains(id)) << id;
        live.insert(id);
      }
    }
  }

  const uint64_t seed_;
  const uint64_t snapshot_bytes_;
  FakeObjectStore objects_;
  std::vector<Attempt> attempts_;
};

// How many entries of its node do what the attempt was for.
size_t TimesTaken(const std::map<std::string, CatalogEntry>& entries, const Attempt& attempt) {
  size_t times = 0;
  for (const auto& [key, entry] : entries) {
    if (entry.node != attempt.node) continue;
    const auto& removed = entry.removed;
    times += attempt.added.empty() ? std::ranges::find(removed, attempt.removed) != removed.end()
                                   : std::ranges::find(entry.added, attempt.added,
                                                       &CatalogBlock::id) != entry.added.end();
  }
  return times;
}

void ExpectASerialHistory(CatalogRace& race) {
  const std::map<std::string, CatalogEntry> entries = race.Entries();
  CatalogState replayed;
  for (const auto& [key, entry] : entries) {
    const base::Status fits = replayed.Check(entry);
    ASSERT_TRUE(fits.ok()) << key << ": " << fits.error().message;
    replayed.Apply(entry);
  }
  EXPECT_EQ(race.Open(1)->state()->Snapshot(), replayed.Snapshot());
  for (const Attempt& attempt : race.attempts()) {
    SCOPED_TRACE("node " + std::to_string(attempt.node) + " adds '" + attempt.added +
                 "', removes '" + attempt.removed + "'");
    const size_t times = TimesTaken(entries, attempt);
    EXPECT_TRUE(attempt.told != Told::kDone || times == 1);
    EXPECT_TRUE(attempt.told != Told::kRefused || attempt.added.empty() || times == 0);
    EXPECT_LE(times, 1u);
  }
}

constexpr uint64_t kSmall = 300;  // a snapshot every few entries
constexpr uint64_t kNone = 1 << 30;

// Whoever comes next finds nothing that nobody needs, or deletes it.
void ExpectNoFilesLeft(CatalogRace& race) {
  if (race.snapshot_bytes() == kNone) {
    const std::set<std::string> files = CatalogFilesOf(race.objects());
    EXPECT_EQ(files, NeededCatalogFiles(files));
    EXPECT_FALSE(files.contains("trimmed"));
    return;
  }
  ExpectNextSnapshotTidiesUp(*race.Open(1), race.objects());
}

struct RaceCase {
  const char* name;
  FakeObjectStore::Faults faults;
  uint64_t snapshot_bytes;
};

class CatalogRaceTest : public testing::TestWithParam<RaceCase> {};

TEST_P(CatalogRaceTest, IsASerialHistory) {
  const char* const chosen = getenv("CLEW_SEED");
  const uint64_t first = chosen == nullptr ? 1 : strtoull(chosen, nullptr, 10);
  const uint64_t rounds = base::TestRounds(40, 2000);
  for (uint64_t seed = first; seed < first + (chosen == nullptr ? rounds : 1); ++seed) {
    SCOPED_TRACE("CLEW_SEED=" + std::to_string(seed));
    CatalogRace race(seed, GetParam().faults, GetParam().snapshot_bytes);
    race.Run();
    ExpectASerialHistory(race);
    ExpectNoFilesLeft(race);
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Over, CatalogRaceTest,
    testing::Values(RaceCase{"ADependableBucket", {.interrupted = 50}, kNone},
                    RaceCase{"ManySnapshots", {.interrupted = 50}, kSmall},
                    RaceCase{"LostAnswers", {.unanswered = 30, .interrupted = 30}, kNone},
                    RaceCase{
                        "LostAnswersAndSnapshots", {.unanswered = 30, .interrupted = 50}, kSmall},
                    RaceCase{"ListsOfEarlier", {.lagging = 50, .interrupted = 50}, kSmall},
                    RaceCase{"AllAtOnce",
                             {.refused = 10, .unanswered = 15, .lagging = 30, .interrupted = 40},
                             kSmall}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace clew::store
