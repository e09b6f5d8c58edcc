// SPDX-License-Identifier: Apache-2.0
// Every call to the storage that a run of the store makes, while it appends, flushes,
// commits, merges, drops and deletes, is made to go wrong in every way a storage can:
//
//   clean run:   call 0, 1, 2, ... n          the calls are counted
//   run k:       call 0, 1, ... k goes wrong   for every k and every way
//
// After each run the store is opened on what is left, and must have every span that it
// acknowledged, none twice, and no file that nothing needs. The store is led step by
// step, so the same number nearly always is the same call.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <optional>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/fault_storage.h"
#include "base/log.h"
#include "base/memory_storage.h"
#include "base/test_effort.h"
#include "objects/local_object_store.h"
#include "store/block_writer.h"
#include "store/catalog.h"
#include "store/catalog_files_fixture.h"
#include "store/trace_store_fixture.h"

using testing::Each;
using testing::IsEmpty;

namespace clew::store {
namespace {

using base::ErrorCode;
using base::FaultStorage;
using base::MemoryStorage;
using Call = FaultStorage::Call;

constexpr uint8_t kBefore = 2;  // bodies of a run before, without faults
constexpr uint8_t kBodies = 6;  // all together

// What goes wrong, and how the machine goes on.
struct Way {
  const char* name;
  FaultStorage::Fault fault;
  enum class End : uint8_t { kRestart, kRoomAgain, kPowerCut, kTornPowerCut } end = End::kRestart;
  friend void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }
};

struct Size {
  const char* name;
  uint64_t segment_bytes;
  uint64_t max_disk_bytes = 0;  // of retention
  friend void PrintTo(const Size& size, std::ostream* out) { *out << size.name; }
};

TraceStoreOptions OptionsOf(const Size& size) {
  TraceStoreOptions options;
  options.directory = "data";
  options.memory_limit_bytes = 64 << 20;
  options.wal_segment_bytes = size.segment_bytes;
  options.compaction = {.fan_in = 2, .max_fan_in = 2};
  options.retention.max_bytes = size.max_disk_bytes;
  options.idle_look = std::chrono::hours(1);  // only when it is told to
  return options;
}

// Which bodies were acknowledged.
using Acked = std::vector<bool>;

class FaultRun {
 public:
  FaultRun(const Size& size, const Way& way, uint64_t at) : size_(size), way_(way), at_(at) {}

  void Run() {
    Prepare();
    FaultStorage::Fault fault = way_.fault;
    fault.at = at_;
    FaultStorage faulty(memory_, fault);
    {
      auto store = OpenAndReplay(faulty, OptionsOf(size_));
      if (store.ok()) Work(*store.value());
      if (store.ok()) {
        ExpectAckedIsRead(*store.value(), faulty);
        ExpectItGoesOn(*store.value());
      }
      if (way_.end == Way::End::kRoomAgain) {
        faulty.Heal();
        if (store.ok()) ExpectAllIsTaken(*store.value());
      }
      // The power may also go while all is well again.
      cut_ = memory_.AfterPowerCut(way_.end == Way::End::kTornPowerCut ? std::optional(at_)
                                                                       : std::nullopt);
    }
    calls_ = faulty.calls();
    struck_ = faulty.struck();
  }

  void ExpectNothingLost() {
    {
      SCOPED_TRACE("after a power cut");
      ExpectWhole(*cut_);
    }
    if (way_.end == Way::End::kPowerCut || way_.end == Way::End::kTornPowerCut) return;
    SCOPED_TRACE("after a restart");
    ExpectWhole(memory_);
  }

  bool struck() const { return struck_; }
  uint64_t calls() const { return calls_; }
  const Acked& acked() const { return acked_; }
  uint64_t dropped_blocks() const { return dropped_; }

 private:
  void Prepare() {
    auto store = OpenAndReplay(memory_, OptionsOf(size_));
    ASSERT_TRUE(store.ok());
    for (uint8_t i = 0; i < kBefore; ++i) {
      acked_[i] = AppendTo(*store.value(), BodyOf(i + 1)).ok();
    }
    ASSERT_TRUE(store.value()->Flush().ok());
  }

  void Work(TraceStore& store) {
    for (uint8_t i = kBefore; i < kBodies; ++i) {
      acked_[i] = AppendTo(store, BodyOf(i + 1)).ok();
      if (i % 2 == 1) (void)store.Flush();
      if (i % 4 == 3) (void)store.Compact();
    }
    acked_.back() = AppendTo(store, BodyOf(kBodies)).ok();  // again, unless it failed
  }

  // Reads go on, unless it is they that fail.
  void ExpectAckedIsRead(const TraceStore& store, const FaultStorage& faulty) {
    if (size_.max_disk_bytes > 0 || !faulty.struck() || way_.fault.dies) return;
    if (way_.fault.lasts && !way_.fault.of_room) return;
    for (uint8_t i = 0; i < kBodies; ++i) {
      const auto spans = SpansOf(store, i + 1);
      ASSERT_TRUE(spans.ok()) << spans.error().message;
      ASSERT_EQ(spans.value(), acked_[i] ? 1u : 0u) << "body " << i + 1;
    }
  }

  // What the store serves is what the catalog says, whatever it was told of its commits.
  void ExpectItGoesOn(TraceStore& store) {
    if (way_.fault.lasts || way_.fault.dies) return;
    if (!store.Flush().ok()) return;  // The log is at its end, or this call was the one.
    ASSERT_TRUE(store.Compact().ok() || store.Compact().ok());
    dropped_ = store.counters().dropped_blocks;
    std::set<std::string> served;
    for (const auto& block : store.SourcesOf(kTestTenant).blocks) {
      served.insert(block->description().id);
    }
    std::set<std::string> live;
    const auto objects = objects::LocalObjectStore::OpenToRead(memory_, "data");
    const auto catalog = Catalog::Open(*objects, base::Clock::System(), {}).value();
    for (const auto& [id, block] : catalog->state()->blocks()) live.insert(id);
    EXPECT_EQ(served, live);
    EXPECT_EQ(store.counters().blocks, live.size());
  }

  // Without a restart.
  void ExpectAllIsTaken(TraceStore& store) {
    for (uint8_t i = 0; i < kBodies; ++i) {
      const auto appended = AppendTo(store, BodyOf(i + 1));
      ASSERT_TRUE(appended.ok()) << appended.error().message;
      acked_[i] = true;
    }
    EXPECT_TRUE(store.Flush().ok());
    EXPECT_TRUE(store.Compact().ok());
  }

  void ExpectWhole(MemoryStorage& storage) {
    Size size = size_;
    size.max_disk_bytes = 0;  // What is there now stays.
    std::vector<size_t> counts;
    {
      auto opened = OpenAndReplay(storage, OptionsOf(size));
      ASSERT_TRUE(opened.ok()) << opened.error().message;
      TraceStore& store = *opened.value();
      ExpectAcked(CountsOf(store));
      counts = ExpectSentAgainIsOnce(store);
      const auto cut = storage.AfterPowerCut();
      const auto after = OpenAndReplay(*cut, OptionsOf(size));
      ASSERT_TRUE(after.ok()) << after.error().message;
      ASSERT_EQ(CountsOf(*after.value()), counts);

      ASSERT_TRUE(AppendTo(store, BodyOf(kBodies + 1)).ok());
      ASSERT_TRUE(store.Flush().ok());
      ASSERT_TRUE(store.Compact().ok());
      ExpectOnlyNeededFiles(storage);
    }
    const auto again = OpenAndReplay(storage, OptionsOf(size));
    ASSERT_TRUE(again.ok());
    ASSERT_EQ(SpansOf(*again.value(), kBodies + 1).value(), 1u);
    ASSERT_EQ(CountsOf(*again.value()), counts);
  }

  // Clients send again what they got no answer for; here they send all of it.
  std::vector<size_t> ExpectSentAgainIsOnce(TraceStore& store) {
    const std::vector<size_t> before = CountsOf(store);
    for (uint8_t i = 0; i < kBodies; ++i) EXPECT_TRUE(AppendTo(store, BodyOf(i + 1)).ok());
    std::vector<size_t> counts = CountsOf(store);
    for (uint8_t i = 0; i < kBodies; ++i) {
      EXPECT_EQ(counts[i], Dropped(before, i) ? 0u : 1u) << "body " << i + 1;
    }
    return counts;
  }

  static std::vector<size_t> CountsOf(const TraceStore& store) {
    std::vector<size_t> counts(kBodies);
    for (uint8_t i = 0; i < kBodies; ++i) {
      const auto spans = SpansOf(store, i + 1);
      EXPECT_TRUE(spans.ok()) << spans.error().message;
      if (spans.ok()) counts[i] = spans.value();
    }
    return counts;
  }

  // By retention, which takes the oldest and leaves some.
  bool Dropped(const std::vector<size_t>& counts, size_t body) const {
    if (size_.max_disk_bytes == 0 || body + 1 == kBodies) return false;
    const auto present = std::find_if(counts.begin(), counts.end(), [](size_t n) { return n > 0; });
    return acked_[body] && counts.begin() + static_cast<ptrdiff_t>(body) < present;
  }

  void ExpectAcked(const std::vector<size_t>& counts) {
    for (size_t i = 0; i < counts.size(); ++i) {
      ASSERT_LE(counts[i], 1u) << "body " << i + 1;
      if (acked_[i] && !Dropped(counts, i)) {
        ASSERT_EQ(counts[i], 1u) << "body " << i + 1;
      }
    }
  }

  static void ExpectOnlyNeededFiles(MemoryStorage& storage) {
    const auto objects = objects::LocalObjectStore::OpenToRead(storage, "data");
    const auto catalog = Catalog::Open(*objects, base::Clock::System(), {});
    ASSERT_TRUE(catalog.ok()) << catalog.error().message;
    std::set<std::string> needed = {"data/LOCK", "data/store.json", "data/uploads/",
                                    "data/wal/retries"};
    for (const auto& [id, block] : catalog.value()->state()->blocks()) {
      for (const CatalogObject& object : block.objects) {
        needed.insert("data/" + BlockPrefix(block.tenant, id) + object.name);
      }
    }
    constexpr std::string_view kCatalog = "data/catalog/0/";
    std::set<std::string> of_catalog;
    std::vector<std::string> unneeded;
    size_t segments = 0;
    for (const std::string& path : storage.Paths()) {
      if (path.starts_with(kCatalog)) of_catalog.insert(path.substr(kCatalog.size()));
      if (needed.erase(path) > 0 || path.starts_with(kCatalog)) continue;
      if (path.ends_with(".wal") && ++segments == 1) continue;
      // What stood behind the last record is kept for people.
      if (path.starts_with("data/wal/damaged/")) continue;
      unneeded.push_back(path);
    }
    EXPECT_THAT(unneeded, IsEmpty());
    EXPECT_EQ(of_catalog, NeededCatalogFiles(of_catalog));
    needed.erase("data/wal/retries");
    EXPECT_THAT(needed, IsEmpty());
  }

  const Size size_;
  const Way way_;
  const uint64_t at_;
  MemoryStorage memory_;
  std::unique_ptr<MemoryStorage> cut_;
  Acked acked_ = Acked(kBodies);
  bool struck_ = false;
  uint64_t calls_ = 0;
  uint64_t dropped_ = 0;
};

class TraceStoreFaultTest : public testing::TestWithParam<std::tuple<Way, Size>> {
 protected:
  static void SetUpTestSuite() { base::SetLogSilent(); }
};

// All of them in a deep run; else some, by a seed.
std::vector<uint64_t> CallsToFail(uint64_t calls) {
  std::vector<uint64_t> all(calls);
  for (uint64_t at = 0; at < calls; ++at) all[at] = at;
  const char* const seed = getenv("CLEW_SEED");
  std::mt19937_64 random(seed != nullptr ? strtoull(seed, nullptr, 10) : std::random_device()());
  const auto sample = static_cast<int64_t>(base::TestRounds(25, calls));
  std::vector<uint64_t> some;
  std::ranges::sample(all, std::back_inserter(some), sample, random);
  return some;
}

TEST_P(TraceStoreFaultTest, NoAckedSpanIsLostNoneIsTwiceAndNoFileIsLeft) {
  const auto& [way, size] = GetParam();
  Way none = way;
  none.fault.lasts = none.fault.dies = false;
  FaultRun clean(size, none, UINT64_MAX);
  clean.Run();
  clean.ExpectNothingLost();
  ASSERT_THAT(clean.acked(), Each(true));
  ASSERT_FALSE(clean.struck());
  ASSERT_EQ(clean.dropped_blocks() > 0, size.max_disk_bytes > 0);
  const char* const chosen = getenv("CLEW_CALL");
  const std::vector<uint64_t> calls = chosen != nullptr
                                          ? std::vector<uint64_t>{strtoull(chosen, nullptr, 10)}
                                          : CallsToFail(clean.calls());
  for (const uint64_t at : calls) {
    SCOPED_TRACE("CLEW_CALL=" + std::to_string(at) + " of " + std::to_string(clean.calls()));
    FaultRun run(size, way, at);
    run.Run();
    run.ExpectNothingLost();
    if (HasFailure() && getenv("CLEW_GO_ON") == nullptr) return;
  }
}

const Way kWays[] = {
    {"OneFailure", {.tears = false}},
    {"AllFailFromThenOn", {.lasts = true, .tears = false}},
    {"AShortWrite", {.kind = Call::kWrite}},
    {"NoRoomOnce", {.of_room = true, .code = ErrorCode::kExhausted}},
    {"NoRoomForAWhile",
     {.of_room = true, .lasts = true, .code = ErrorCode::kExhausted},
     Way::End::kRoomAgain},
    {"Death", {.dies = true}},
    {"PowerCut", {.dies = true}, Way::End::kPowerCut},
    {"PowerCutThatKeepsSome", {.dies = true}, Way::End::kTornPowerCut},
};

constexpr Size kSizes[] = {
    {"ASegmentForEachRecord", 200},
    {"SegmentsOfAFew", 1000},
    {"Retention", 4096, 20000},
};

INSTANTIATE_TEST_SUITE_P(Matrix, TraceStoreFaultTest,
                         testing::Combine(testing::ValuesIn(kWays), testing::ValuesIn(kSizes)),
                         [](const auto& param) {
                           return std::string(std::get<0>(param.param).name) + "With" +
                                  std::get<1>(param.param).name;
                         });

}  // namespace
}  // namespace clew::store
