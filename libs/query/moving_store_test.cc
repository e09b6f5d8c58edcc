// SPDX-License-Identifier: Apache-2.0
// Random queries over a store while it moves what they ask for: at calls of its storage, in
// the middle of flushes, merges and commits, and after the blocks that a query began with are
// gone, the engine gives the answers of the reference.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/memory_storage.h"
#include "base/mutex.h"
#include "base/test_effort.h"
#include "query/engine_comparison_fixture.h"
#include "query/random_traceql_fixture.h"
#include "store/trace_store_fixture.h"
#include "wire/otlp_writer.h"

namespace clew::query {
namespace {

// Tells of each call that changes what is there, before it is made and after it.
class WatchedStorage final : public base::Storage {
 public:
  explicit WatchedStorage(base::Storage& inner) : inner_(inner) {}
  // While the calls of other threads wait for nobody.
  void Watch(std::function<void()> look) {
    look_ = std::move(look);
    watched_.store(true);
  }
  void StopWatching() { watched_.store(false); }

  base::Result<std::unique_ptr<base::File>> Open(const std::string& path, Mode mode) override {
    if (mode == Mode::kCreate) Look();
    return inner_.Open(path, mode);
  }
  base::Status MakeDirectories(const std::string& path) override {
    return inner_.MakeDirectories(path);
  }
  base::Result<std::vector<base::DirectoryEntry>> List(const std::string& directory) override {
    return inner_.List(directory);
  }
  base::Status Remove(const std::string& path) override {
    Look();
    const base::Status removed = inner_.Remove(path);
    Look();
    return removed;
  }
  base::Status Rename(const std::string& from, const std::string& to) override {
    Look();
    const base::Status renamed = inner_.Rename(from, to);
    Look();
    return renamed;
  }
  base::Result<bool> LinkIfAbsent(const std::string& from, const std::string& to) override {
    Look();
    base::Result<bool> linked = inner_.LinkIfAbsent(from, to);
    Look();
    return linked;
  }
  base::Status SyncDirectory(const std::string& path) override {
    Look();
    return inner_.SyncDirectory(path);
  }
  bool Exists(const std::string& path) override { return inner_.Exists(path); }
  base::Result<std::unique_ptr<base::File>> Lock(const std::string& path) override {
    return inner_.Lock(path);
  }

 private:
  void Look() {
    if (watched_.load()) look_();
  }

  base::Storage& inner_;
  std::function<void()> look_;
  std::atomic<bool> watched_{false};
};

struct Seen {
  uint64_t queries = 0;
  uint64_t found_something = 0;
  uint64_t of_the_past = 0;  // over blocks of which some had been merged away
  std::string difference{};
};

class MovingStore {
 public:
  explicit MovingStore(uint64_t seed) : random_(seed), comparison_(seed), texts_(seed) {
    options_.directory = "data";
    options_.wal_segment_bytes = 1 << 20;
    options_.compaction = {.fan_in = 2, .max_fan_in = 2};
    options_.idle_look = std::chrono::hours(1);
    store_ = std::move(store::OpenAndReplay(storage_, options_)).value();
  }

  // All that there is, in several blocks and a memtable.
  void Fill() {
    constexpr size_t kPlaces = 6;
    std::vector<wire::OtlpWriter> bodies(kPlaces);
    for (const Layouts::Part& part : comparison_.parts()) part(bodies[random_() % kPlaces]);
    for (size_t i = 0; i < kPlaces; ++i) {
      const std::string body = bodies[i].Take();
      if (body.empty()) continue;
      ASSERT_TRUE(store::AppendTo(*store_, body).ok());
      const base::Status flushed = i + 1 < kPlaces ? store_->Flush() : base::Status();
      ASSERT_TRUE(flushed.ok()) << flushed.error().message;
    }
  }

  // Becomes one block, and is asked meanwhile.
  Seen Move() {
    held_ = store_->SourcesOf(store::kTestTenant);
    storage_.Watch([this] { Ask(); });
    EXPECT_TRUE(store_->Flush().ok());
    EXPECT_TRUE(store_->Compact().ok());
    storage_.StopWatching();
    Ask();
    return std::move(seen_);
  }

 private:
  // One query over what is there now, or was a while ago. The store's threads come one at a
  // time: a merge waits for no flush here.
  void Ask() {
    const base::MutexLock lock(mutex_);
    if (!seen_.difference.empty()) return;
    const store::Sources now = store_->SourcesOf(store::kTestTenant);
    if (++looks_ % 100 == 0) held_ = now;
    const bool of_the_past = random_() % 2 == 0;
    const store::Sources& sources = of_the_past ? held_ : now;
    const auto outcome = random_() % 3 == 0 ? comparison_.Metrics(texts_.Metrics(), sources)
                                            : comparison_.Search(texts_.Search(), sources);
    if (!outcome) return;
    ++seen_.queries;
    if (outcome->found_something) ++seen_.found_something;
    if (of_the_past && held_.blocks != now.blocks) ++seen_.of_the_past;
    seen_.difference = outcome->difference;
  }

  base::Mutex mutex_;
  std::mt19937_64 random_;
  EngineComparison comparison_;
  RandomTraceql texts_;
  base::MemoryStorage disk_;
  WatchedStorage storage_{disk_};
  store::TraceStoreOptions options_;
  std::unique_ptr<store::TraceStore> store_;
  store::Sources held_;
  uint64_t looks_ = 0;
  Seen seen_;
};

TEST(MovingStore, AnswersAsTheReferenceAtEveryStep) {
  Seen all;
  const uint64_t seeds = base::TestRounds(25, 1000);
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    MovingStore store(seed);
    ASSERT_NO_FATAL_FAILURE(store.Fill());
    const Seen seen = store.Move();
    ASSERT_EQ(seen.difference, "");
    all.queries += seen.queries;
    all.found_something += seen.found_something;
    all.of_the_past += seen.of_the_past;
  }
  RecordProperty("queries", static_cast<int>(all.queries));
  RecordProperty("found_something", static_cast<int>(all.found_something));
  RecordProperty("of_the_past", static_cast<int>(all.of_the_past));
  // Enough of each kind that a wrong answer would show.
  EXPECT_GT(all.queries, seeds * 10);
  EXPECT_GT(all.found_something * 10, all.queries * 5);
  EXPECT_GT(all.of_the_past * 20, all.queries);
}

}  // namespace
}  // namespace clew::query
