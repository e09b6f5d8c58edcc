// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/thread_name.h"
#include "store/admission.h"
#include "store/block_store.h"
#include "store/data_directory.h"
#include "store/replay_queue.h"
#include "store/retry_window.h"
#include "store/served_blocks.h"
#include "store/trace_store.h"
#include "store/wal_release.h"
#include "store/wal_writer.h"

namespace clew::store {

// The trace store of one data directory. trace_store.cc has the way of a span into a
// block, block_upkeep.cc what becomes of blocks.
class LocalTraceStore final : public TraceStore {
 public:
  // What has to be read before the store can be made.
  struct Parts {
    DataDirectory directory;
    std::unique_ptr<objects::ObjectStore> objects;
    std::unique_ptr<BlockStore> blocks;
    RetryWindow retries;
    uint32_t first_segment = 1;
  };

  LocalTraceStore(base::Storage& storage, base::Clock& clock, TraceStoreOptions options,
                  Parts parts)
      : storage_(storage),
        clock_(clock),
        options_(std::move(options)),
        wal_path_(options_.directory + "/wal"),
        directory_(std::move(parts.directory)),
        objects_(std::move(parts.objects)),
        block_store_(std::move(parts.blocks)),
        release_(storage, wal_path_, directory_.segments),
        writer_(storage, {.directory = wal_path_,
                          .node = directory_.node,
                          .epoch = directory_.epoch,
                          .first_segment = parts.first_segment,
                          .segment_bytes = options_.wal_segment_bytes}),
        retries_(std::move(parts.retries)),
        memtables_(options_.memtables),
        blocks_(block_store_->AllBlocks()),
        debt_(options_.compaction),
        retention_(options_.retention),
        committer_(Named("commit", [this] { Commit(); })),
        flusher_(Named("flush", [this] { FlushSealed(); })),
        compactor_(Named("compact", [this] { MergeAndDrop(); })) {
    counters_.spans = blocks_.spans();
    LookAtDebt();
  }

  ~LocalTraceStore() override { Close(); }

  base::Status Replay(const std::function<void(const ReplayProgress&)>& on_progress) override;
  AppendRefusal AppendAsync(const Append& append,
                            std::function<void(base::Result<Appended>)> done) override {
    std::optional<Refusal> refusal = Queue(append, done);
    if (!refusal) {
      commit_wake_.NotifyOne();
      return AppendRefusal::kNone;
    }
    done(std::move(refusal->error));
    return refusal->reason;
  }
  Sources SourcesOf(std::string_view tenant) const override;
  base::Status Flush() override;
  base::Status Compact() override;
  base::Result<Deleted> Delete(std::string_view tenant,
                               std::optional<model::TraceId> trace_id) override;
  void SetRetention(RetentionLimits retention) override {
    const base::MutexLock lock(mutex_);
    retention_ = std::move(retention);
  }
  Counters counters() const override;
  void Close() override;

 private:
  template <typename Work>
  static std::thread Named(const char* name, Work work) {
    return std::thread([name, work] {
      base::NameThread(name);
      work();
    });
  }

  // Somebody who waits for a sync, and what becomes visible with it.
  struct Waiter {
    Appended appended;
    std::shared_ptr<Memtable> memtable{};  // null: nothing new
    uint32_t rows = 0;
    std::function<void(base::Result<Appended>)> done;
  };

  struct Refusal {
    AppendRefusal reason;
    base::Error error;
  };
  // Writes, scans and lists the waiter. Takes `done` over only when it succeeds.
  std::optional<Refusal> Queue(const Append& append,
                               std::function<void(base::Result<Appended>)>& done);
  // Writes and scans; the rows it made are published by the next sync.
  std::optional<Refusal> Accept(const Append& append, Waiter& waiter) REQUIRES_LOCK(mutex_);
  // Whether the body may be written.
  std::optional<Refusal> CheckRoom(const Append& append) const REQUIRES_LOCK(mutex_);
  base::Result<Lsn> Write(WalRecord record) REQUIRES_LOCK(mutex_);
  static Refusal OfDisk(base::Error error);
  // Takes the spans of a record that is in the log into its memtable: `tell` tells them.
  void Take(const WalRecord& record, const std::function<void(model::SpanSink&)>& tell,
            Waiter& waiter) REQUIRES_LOCK(mutex_);
  // Seals what holds back too much of the log that goes up to a segment.
  bool SealForLog(uint32_t last_segment) REQUIRES_LOCK(mutex_);
  // Reads, verifies and scans a record of the log, and takes one into its memtable: in threads
  // of their own, because both take about as long.
  std::unique_ptr<ReplayedRecord> ReadReplayed(const WalRecord& record) const;
  void TakeReplayed(ReplayedRecord& replayed);
  base::Status ReadLog(ReplayQueue& queue,
                       const std::function<void(const ReplayProgress&)>& on_progress);

  // The thread that syncs for all who wait, until the store closes.
  void Commit();
  // Waits for waiters; none: the store closes.
  std::vector<Waiter> TakeWaiters(WalWriter::Unsynced& unsynced);
  bool NoteSync(bool synced, int64_t took_ns);

  // The thread that makes blocks, until the store closes.
  void FlushSealed();
  bool MayFlush() const REQUIRES_LOCK(mutex_);
  SealedMemtables NextToFlush();
  base::Status FlushSome(const SealedMemtables& sealed);
  void NoteFlush(const SealedMemtables& sealed, BlockStore::Blocks blocks, int64_t took_ns);
  void NoteFailedFlush(const base::Error& error);
  base::Status ReleaseLog();
  // The same; says so when it stays.
  void ReleaseOrKeepLog();
  // Flushes what was appended by now and deletes the log it was in: that before the LSN
  // it returns.
  base::Result<uint64_t> EndLog();

  // The thread that merges and drops blocks, until the store closes.
  void MergeAndDrop();
  // Waits for so long, or until Compact is called or merging is urgent; how often it was called.
  uint64_t WaitToCompact(std::chrono::nanoseconds pause);
  void NoteLook(const base::Status& status);
  void NoteCompacted(uint64_t asked, base::Status status);
  // One merge or drop; false when there is nothing to do.
  base::Result<bool> CompactOnce();
  // Counts the blocks that wait.
  void LookAtDebt();
  base::Result<bool> MergeOrDrop() REQUIRES_LOCK(upkeep_);
  // What holds for one look at the blocks.
  RetentionLimits RetentionOfNow() const {
    const base::MutexLock lock(mutex_);
    return retention_;
  }
  base::Status Drop() REQUIRES_LOCK(upkeep_);
  // Those of them that queries are given, for a span; none when nobody makes spans.
  BlockStore::Blocks TracedBlocks(const std::vector<std::string>& ids) const;
  base::Result<bool> Expire() REQUIRES_LOCK(upkeep_);
  // What the rule keeps of blocks whose time is over takes their place.
  base::Status CheckLeftOut(const std::vector<std::string>& reasons, const Sources& sources)
      REQUIRES_LOCK(upkeep_);
  base::Status KeepSome(const ExpiryPlan& plan, const BlockStore::Blocks& expired,
                        const KeepRule& rule) REQUIRES_LOCK(upkeep_);
  base::Result<bool> Merge() REQUIRES_LOCK(upkeep_);
  // Blocks for which something is planned; empty when queries are not given all of them yet.
  BlockStore::Blocks BlocksOf(const std::string& tenant, const std::vector<std::string>& ids) const;
  // True when the error came of blocks that cannot be read: without them the next look goes on.
  base::Result<bool> PassOver(const std::vector<std::string>& blocks, base::Error error);
  // One step: a query has the old blocks or the new ones.
  void Replace(const BlockChanges& changes) REQUIRES_LOCK(upkeep_) REQUIRES_LOCK(mutex_);
  void NoteCompaction(const BlockChanges& changes) REQUIRES_LOCK(upkeep_);
  void NoteMerge(const BlockStore::Blocks& merged, const Block& made, int64_t took_ns);
  void NoteExpiry(const BlockChanges& changes) REQUIRES_LOCK(upkeep_);
  base::Status FollowCatalog() REQUIRES_LOCK(upkeep_);
  void DeleteUnused() REQUIRES_LOCK(upkeep_);
  // Of replaced blocks that queries still read.
  uint64_t HeldBytes() const REQUIRES_LOCK(upkeep_);

  base::Storage& storage_;
  base::Clock& clock_;
  const TraceStoreOptions options_;
  const std::string wal_path_;
  const DataDirectory directory_;
  const std::unique_ptr<objects::ObjectStore> objects_;
  const std::unique_ptr<BlockStore> block_store_;

  // Held before mutex_: by whoever merges, drops or deletes, and by whoever releases log.
  base::Mutex upkeep_, releasing_;
  WalRelease release_ GUARDED_BY(releasing_);

  mutable base::Mutex mutex_;
  base::CondVar commit_wake_, flush_wake_, flushed_, compact_wake_, compacted_;
  WalWriter writer_ GUARDED_BY(mutex_);
  RetryWindow retries_ GUARDED_BY(mutex_);
  MemtableSet memtables_ GUARDED_BY(mutex_);
  ServedBlocks blocks_ GUARDED_BY(mutex_);
  MergeDebt debt_ GUARDED_BY(mutex_);
  RetentionLimits retention_ GUARDED_BY(mutex_);
  std::vector<Waiter> waiters_ GUARDED_BY(mutex_);
  Counters counters_ GUARDED_BY(mutex_);
  std::optional<base::Error> flush_error_ GUARDED_BY(mutex_);  // of the last attempt
  bool flushing_ GUARDED_BY(mutex_) = false;  // a memtable, or releasing log after it
  uint64_t compactions_asked_ GUARDED_BY(mutex_) = 0, compactions_done_ GUARDED_BY(mutex_) = 0;
  bool replayed_ GUARDED_BY(mutex_) = false;          // all that the log has is in memory
  bool look_at_once_ GUARDED_BY(mutex_) = false;      // something to merge or drop was found
  base::Status compacted_status_ GUARDED_BY(mutex_);  // of the last of them
  bool failed_ GUARDED_BY(mutex_) = false;
  bool closing_ GUARDED_BY(mutex_) = false;        // no more appends
  bool stop_flushing_ GUARDED_BY(mutex_) = false;  // after what is sealed

  // Out of the catalog, not yet deleted: with their spans in other blocks by now, and without.
  BlockStore::Blocks replaced_ GUARDED_BY(upkeep_), dropped_ GUARDED_BY(upkeep_);
  std::stop_source stop_compacting_;

  std::thread committer_, flusher_, compactor_;
};

}  // namespace clew::store
