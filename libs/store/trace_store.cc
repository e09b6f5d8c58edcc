// SPDX-License-Identifier: Apache-2.0
// Everything that changes the store happens under one mutex, in log order: write
// the record, scan it into unpublished rows, queue for the next sync. Only the
// sync itself runs outside, in a thread of its own: while it runs, more appends
// queue, and the next sync serves them all. That is the group commit. A second
// thread turns sealed memtables into blocks; the change from the one to the other is
// a single step under the mutex, so a query sees every span once.
#include "store/trace_store.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/log.h"
#include "base/mutex.h"
#include "objects/local_object_store.h"
#include "store/admission.h"
#include "store/block_store.h"
#include "store/data_directory.h"
#include "store/retry_window.h"
#include "store/served_blocks.h"
#include "store/wal_recovery.h"
#include "store/wal_release.h"
#include "store/wal_writer.h"

namespace clew::store {
namespace {

constexpr std::chrono::seconds kFlushRetry{1};

base::Error Failed() {
  return {base::ErrorCode::kIo, "the write-ahead log could not be synced; ingest has stopped"};
}

void LogKept(const base::Error& error) {
  base::LogWarning("old segments of the write-ahead log are kept: " + error.message);
}

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
        committer_([this] { Commit(); }),
        flusher_([this] { FlushSealed(); }),
        compactor_([this] { MergeAndDrop(); }) {
    counters_.spans = blocks_.spans();
    LookAtDebt();
  }

  ~LocalTraceStore() override { Close(); }

  base::Status Replay(const std::function<void(const ReplayProgress&)>& on_progress) override;
  void AppendAsync(const Append& append,
                   std::function<void(base::Result<Appended>)> done) override {
    base::Status queued = Queue(append, done);
    if (!queued.ok()) return done(std::move(queued).error());
    commit_wake_.NotifyOne();
  }
  Sources SourcesOf(std::string_view tenant) const override;
  base::Status Flush() override;
  base::Status Compact() override;
  Counters counters() const override {
    const base::MutexLock lock(mutex_);
    Counters counters = counters_;
    counters.blocks = blocks_.count();
    counters.block_bytes = blocks_.size_bytes();
    counters.memory_bytes = memtables_.size_bytes();
    counters.unmerged_blocks = debt_.worst();
    return counters;
  }
  void Close() override;

 private:
  // Somebody who waits for a sync, and what becomes visible with it.
  struct Waiter {
    Appended appended;
    std::shared_ptr<Memtable> memtable{};  // null: nothing new
    uint32_t rows = 0;
    std::function<void(base::Result<Appended>)> done;
  };

  // Writes, scans and lists the waiter. Takes `done` over only when it succeeds.
  base::Status Queue(const Append& append, std::function<void(base::Result<Appended>)>& done);
  // Writes and scans; the rows it made are published by the next sync.
  base::Status Accept(const Append& append, Waiter& waiter) REQUIRES_LOCK(mutex_);
  void Scan(const WalRecord& record, std::string_view plain, Waiter& waiter) REQUIRES_LOCK(mutex_);
  void ReplayRecord(const WalRecord& record);

  // The thread that syncs for all who wait, until the store closes.
  void Commit();
  // Waits for waiters; none: the store closes.
  std::vector<Waiter> TakeWaiters(std::vector<std::shared_ptr<base::File>>& files);
  bool NoteSync(bool synced);

  // The thread that makes blocks, until the store closes.
  void FlushSealed();
  std::shared_ptr<const SealedMemtable> NextToFlush();
  base::Status FlushOne(const SealedMemtable& sealed);
  void NoteFlush(const SealedMemtable& sealed, std::shared_ptr<const Block> block);
  void NoteFailedFlush(const base::Error& error);
  base::Status ReleaseLog();

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
  // One step: a query has the old blocks or the new ones.
  void Replace(const BlockChanges& changes);
  base::Status FollowCatalog();
  void DeleteUnused();

  base::Storage& storage_;
  base::Clock& clock_;
  const TraceStoreOptions options_;
  const std::string wal_path_;
  const DataDirectory directory_;
  const std::unique_ptr<objects::ObjectStore> objects_;
  const std::unique_ptr<BlockStore> block_store_;
  WalRelease release_;  // of the flushing thread, and of replay before it has work

  mutable base::Mutex mutex_;
  base::CondVar commit_wake_, flush_wake_, flushed_, compact_wake_, compacted_;
  WalWriter writer_ GUARDED_BY(mutex_);
  RetryWindow retries_ GUARDED_BY(mutex_);
  MemtableSet memtables_ GUARDED_BY(mutex_);
  ServedBlocks blocks_ GUARDED_BY(mutex_);
  MergeDebt debt_ GUARDED_BY(mutex_);
  std::vector<Waiter> waiters_ GUARDED_BY(mutex_);
  Counters counters_ GUARDED_BY(mutex_);
  std::optional<base::Error> flush_error_ GUARDED_BY(mutex_);  // of the last attempt
  bool flushing_ GUARDED_BY(mutex_) = false;  // a memtable, or releasing log after it
  uint64_t compactions_asked_ GUARDED_BY(mutex_) = 0, compactions_done_ GUARDED_BY(mutex_) = 0;
  base::Status compacted_status_ GUARDED_BY(mutex_);  // of the last of them
  bool failed_ GUARDED_BY(mutex_) = false;
  bool closing_ GUARDED_BY(mutex_) = false;        // no more appends
  bool stop_flushing_ GUARDED_BY(mutex_) = false;  // after what is sealed

  BlockStore::Blocks unused_;  // of the compacting thread: out of the catalog, not yet deleted
  std::stop_source stop_compacting_;

  std::thread committer_, flusher_, compactor_;
};

// --- Appending ---

base::Status LocalTraceStore::Queue(const Append& append,
                                    std::function<void(base::Result<Appended>)>& done) {
  // Listed under the same lock, so that waiters stand in log order.
  const base::MutexLock lock(mutex_);
  Waiter waiter;
  TRY(Accept(append, waiter));
  waiter.done = std::move(done);
  waiters_.push_back(std::move(waiter));
  return {};
}

base::Status LocalTraceStore::Accept(const Append& append, Waiter& waiter) {
  const base::Hash128 hash = base::HashOf128(append.body);
  const int64_t now = clock_.UnixNanos();
  if (failed_ || closing_) return Failed();
  if (const auto lsn = retries_.Find(append.tenant, hash, now)) {
    ++counters_.duplicates;
    waiter.appended = {*lsn, true};
    return {};
  }
  TRY(CheckMemory(memtables_.size_bytes(), append.plain.size(), options_.memory_limit_bytes,
                  flush_error_));
  TRY(debt_.Check(append.tenant));
  WalRecord record{.receive_time_unix_nano = now,
                   .body_hash = hash,
                   .format = append.format,
                   .encoding = append.encoding,
                   .decoder_version = wire::kDecoderVersion,
                   .tenant = append.tenant,
                   .body = append.body};
  record.lsn = TRY(writer_.Append(record));
  Scan(record, append.plain, waiter);
  retries_.Add(append.tenant, hash, now, record.lsn.number());
  counters_.wal_bytes = writer_.appended_bytes();
  return {};
}

void LocalTraceStore::Scan(const WalRecord& record, std::string_view plain, Waiter& waiter) {
  const std::shared_ptr<Memtable> memtable = memtables_.OpenOf(record.tenant);
  const uint32_t before = memtable->FinishBody();
  const base::Status scanned = wire::Scan(record.format, record.decoder_version, plain, *memtable);
  CHECK(scanned.ok());  // It was validated before it was written.
  waiter.appended = {record.lsn.number(), false};
  waiter.rows = memtable->FinishBody();
  waiter.memtable = memtable;
  counters_.spans += waiter.rows - before;
  ++counters_.records;
  bool sealed = memtables_.NoteAppended(record.tenant, record.lsn.number());
  const std::optional<uint64_t> first = memtables_.FirstLsn();
  const uint64_t kept_segments = first ? record.lsn.segment - (*first >> 32) : 0;
  if (kept_segments * options_.wal_segment_bytes > options_.wal_limit_bytes) {
    memtables_.SealOldest();
    sealed = true;
  }
  if (sealed) flush_wake_.NotifyOne();
}

// --- Committing ---

std::vector<LocalTraceStore::Waiter> LocalTraceStore::TakeWaiters(
    std::vector<std::shared_ptr<base::File>>& files) {
  const base::MutexLock lock(mutex_);
  while (waiters_.empty() && !closing_) commit_wake_.Wait(mutex_);
  if (!waiters_.empty()) files = writer_.TakeUnsynced();
  return std::exchange(waiters_, {});
}

// False once any sync has failed: it may have dropped the pages, and nothing
// after it can be trusted.
bool LocalTraceStore::NoteSync(bool synced) {
  const base::MutexLock lock(mutex_);
  if (!synced) failed_ = true;
  ++counters_.syncs;
  return !failed_;
}

void LocalTraceStore::Commit() {
  while (true) {
    std::vector<std::shared_ptr<base::File>> files;
    std::vector<Waiter> served = TakeWaiters(files);
    if (served.empty()) return;
    bool synced = true;
    if (options_.fsync) {
      for (const auto& file : files) synced = synced && file->Sync().ok();
    }
    const bool durable = NoteSync(synced);
    for (Waiter& waiter : served) {
      if (durable && waiter.memtable != nullptr) waiter.memtable->Publish(waiter.rows);
    }
    flush_wake_.NotifyOne();  // A sealed memtable may be settled now.
    for (Waiter& waiter : served) {
      waiter.done(durable ? base::Result<Appended>(waiter.appended) : Failed());
    }
  }
}

// --- Flushing ---

// Waits for a memtable to flush; null: the store closes.
std::shared_ptr<const SealedMemtable> LocalTraceStore::NextToFlush() {
  const base::MutexLock lock(mutex_);
  while (true) {
    auto next = memtables_.NextToFlush();
    flushing_ = next != nullptr;
    if (next != nullptr) return next;
    flushed_.NotifyAll();
    if (stop_flushing_) return nullptr;
    flush_wake_.Wait(mutex_);
  }
}

void LocalTraceStore::FlushSealed() {
  while (const auto next = NextToFlush()) {
    const base::Status flushed = FlushOne(*next);
    if (flushed.ok()) continue;
    NoteFailedFlush(flushed.error());
    const base::MutexLock lock(mutex_);
    if (stop_flushing_) return;  // The log has it.
    // Not when somebody asks for another attempt meanwhile.
    if (flush_error_) flush_wake_.WaitFor(mutex_, kFlushRetry);
  }
}

base::Status LocalTraceStore::FlushOne(const SealedMemtable& sealed) {
  std::shared_ptr<const Block> block;  // none of bodies without spans
  if (sealed.rows > 0) {
    block = TRY(block_store_->Flush(sealed.tenant, *sealed.memtable, sealed.lsns));
  }
  NoteFlush(sealed, std::move(block));
  LookAtDebt();
  // The block is in the catalog: log that is left behind now goes with the next one.
  const base::Status released = ReleaseLog();
  if (!released.ok()) LogKept(released.error());
  return {};
}

void LocalTraceStore::NoteFlush(const SealedMemtable& sealed, std::shared_ptr<const Block> block) {
  const base::MutexLock lock(mutex_);
  memtables_.Remove(sealed);
  flush_error_.reset();
  ++counters_.flushes;
  if (block != nullptr) {
    counters_.flushed_bytes += block->description().size_bytes();
    blocks_.Add(std::move(block));
  }
  flushed_.NotifyAll();
}

void LocalTraceStore::NoteFailedFlush(const base::Error& error) {
  base::LogError("a block could not be written, its spans stay in memory and in the log: " +
                 error.message);
  const base::MutexLock lock(mutex_);
  flush_error_ = error;
  ++counters_.failed_flushes;
  flushed_.NotifyAll();
}

base::Status LocalTraceStore::ReleaseLog() {
  uint32_t keep = 0;
  std::string retries;
  {
    const base::MutexLock lock(mutex_);
    const std::optional<uint64_t> first = memtables_.FirstLsn();
    keep = first ? static_cast<uint32_t>(*first >> 32) : writer_.segment();
    if (!release_.Frees(keep)) return {};
    retries = retries_.Encode();
  }
  return release_.Release(keep, retries);
}

base::Status LocalTraceStore::Flush() {
  const base::MutexLock lock(mutex_);
  memtables_.SealAll();
  flush_error_.reset();
  flush_wake_.NotifyOne();
  while ((memtables_.has_sealed() || flushing_) && !flush_error_ && !failed_) {
    flushed_.Wait(mutex_);
  }
  if (flush_error_) return *flush_error_;
  if (failed_) return Failed();
  return {};
}

// --- Merging and dropping ---

void LocalTraceStore::Replace(const BlockChanges& changes) {
  const base::MutexLock lock(mutex_);
  for (auto& block : blocks_.Replace(changes)) {
    counters_.spans -= block->description().spans;
    unused_.push_back(std::move(block));
  }
  for (const auto& block : changes.added) {
    counters_.spans += block->description().spans;
    counters_.merged_bytes += block->description().size_bytes();
  }
  counters_.merges += changes.added.size();
  if (changes.added.empty()) counters_.dropped_blocks += changes.removed.size();
}

// A merge or a drop that failed may have been committed, and is found out later.
base::Status LocalTraceStore::FollowCatalog() {
  std::vector<std::string> served;  // before the catalog is read, which so knows them all
  {
    const base::MutexLock lock(mutex_);
    served = blocks_.Ids();
  }
  const BlockChanges changes = TRY(block_store_->ChangesTo(served));
  if (!changes.empty()) Replace(changes);
  return {};
}

// Queries that run may still read what is out of the catalog.
void LocalTraceStore::DeleteUnused() {
  std::erase_if(unused_, [&](const std::shared_ptr<const Block>& block) {
    if (block.use_count() > 1) return false;
    block_store_->DeleteFiles(block->description());
    return true;
  });
}

void LocalTraceStore::LookAtDebt() {
  UnmergedBlocks unmerged = block_store_->Unmerged(options_.compaction);
  const base::MutexLock lock(mutex_);
  debt_.Set(std::move(unmerged));
  if (debt_.is_urgent()) compact_wake_.NotifyOne();
}

base::Result<bool> LocalTraceStore::CompactOnce() {
  TRY(FollowCatalog());
  const std::vector<std::string> dropped = block_store_->NextDrops(options_.retention);
  if (!dropped.empty()) {
    TRY(block_store_->Drop(dropped));
    Replace({.removed = dropped, .added = {}});
  }
  const std::optional<MergePlan> plan = block_store_->NextMerge(options_.compaction);
  if (!plan) return false;
  BlockStore::Blocks blocks;
  {
    const base::MutexLock lock(mutex_);
    blocks = blocks_.Of(plan->tenant, plan->blocks);
  }
  // The catalog may know a flushed block a moment before the list of sources does.
  if (blocks.size() != plan->blocks.size()) return false;
  std::shared_ptr<const Block> merged =
      TRY(block_store_->Merge(*plan, blocks, stop_compacting_.get_token()));
  Replace({.removed = plan->blocks, .added = {std::move(merged)}});
  return true;
}

void LocalTraceStore::MergeAndDrop() {
  // Not at once: what the log holds is replayed first.
  std::chrono::nanoseconds pause = options_.idle_look;
  while (true) {
    const uint64_t asked = WaitToCompact(pause);
    if (stop_compacting_.stop_requested()) return;
    const auto begin = std::chrono::steady_clock::now();
    const base::Result<bool> done = CompactOnce();
    DeleteUnused();
    LookAtDebt();
    if (!done.ok() && !stop_compacting_.stop_requested()) {
      base::LogError("blocks could not be merged or dropped: " + done.error().message);
    }
    // At most a third of a core, unless merges fall behind, and a look around now and then.
    const base::Status status = done.ok() ? base::Status() : done.error();
    NoteLook(status);
    pause = 2 * (std::chrono::steady_clock::now() - begin);
    if (done.ok() && done.value()) continue;
    pause = std::max(pause, options_.idle_look);
    NoteCompacted(asked, status);
  }
}

uint64_t LocalTraceStore::WaitToCompact(std::chrono::nanoseconds pause) {
  const base::MutexLock lock(mutex_);
  const bool asked = compactions_asked_ != compactions_done_ || stop_compacting_.stop_requested();
  if (!asked && !debt_.is_urgent()) {
    compact_wake_.WaitFor(mutex_, pause);
  }
  return compactions_asked_;
}

void LocalTraceStore::NoteLook(const base::Status& status) {
  const base::MutexLock lock(mutex_);
  debt_.NoteLook(status);
}

void LocalTraceStore::NoteCompacted(uint64_t asked, base::Status status) {
  const base::MutexLock lock(mutex_);
  compactions_done_ = asked;
  compacted_status_ = std::move(status);
  compacted_.NotifyAll();
}

base::Status LocalTraceStore::Compact() {
  const base::MutexLock lock(mutex_);
  const uint64_t asked = ++compactions_asked_;
  compact_wake_.NotifyOne();
  while (compactions_done_ < asked && !closing_) compacted_.Wait(mutex_);
  if (compactions_done_ < asked) return base::Error{base::ErrorCode::kCancelled, "closed"};
  return compacted_status_;
}

// --- Reading ---

Sources LocalTraceStore::SourcesOf(std::string_view tenant) const {
  const base::MutexLock lock(mutex_);
  return {.memtables = memtables_.Of(tenant), .blocks = blocks_.Of(tenant)};
}

// --- Beginning and ending ---

base::Status LocalTraceStore::Replay(
    const std::function<void(const ReplayProgress&)>& on_progress) {
  ReplayProgress progress;
  const std::vector<uint64_t> sizes = TRY(SegmentSizes(storage_, wal_path_, directory_.segments));
  progress.bytes_total = std::accumulate(sizes.begin(), sizes.end(), uint64_t{0});
  for (size_t i = 0; i < directory_.segments.size(); ++i) {
    const SegmentSummary summary =
        TRY(RecoverSegment(storage_, {wal_path_, directory_.segments[i]},
                           [this](const WalRecord& record) { ReplayRecord(record); }));
    progress.bytes_done += sizes[i];
    progress.records += summary.records;
    progress.damaged_records += summary.damaged;
    {
      const base::MutexLock lock(mutex_);
      counters_.damaged_records += summary.damaged;
      counters_.wal_bytes += summary.end;
    }
    on_progress(progress);
  }
  const bool compact = block_store_->NextMerge(options_.compaction).has_value() ||
                       !block_store_->NextDrops(options_.retention).empty();
  {
    const base::MutexLock lock(mutex_);
    if (compact) compact_wake_.NotifyOne();
    // The thread that flushes does it after what it has to flush.
    if (memtables_.has_sealed() || flushing_) return {};
  }
  const base::Status released = ReleaseLog();
  if (!released.ok()) LogKept(released.error());
  return {};
}

void LocalTraceStore::ReplayRecord(const WalRecord& record) {
  const uint64_t lsn = record.lsn.number();
  const bool flushed = lsn <= block_store_->FlushedLsn(record.tenant);
  const base::Result<std::string> plain =
      flushed ? base::Result<std::string>(std::string()) : PlainBodyOf(record);
  const base::MutexLock lock(mutex_);
  // Replay waits for the flushes that ingest would refuse bodies for.
  while (memtables_.has_sealed() && memtables_.size_bytes() > options_.memory_limit_bytes &&
         !flush_error_) {
    flushed_.Wait(mutex_);
  }
  if (!plain.ok()) {
    ++counters_.damaged_records;
    base::LogError("damage: a record of the write-ahead log cannot be read: " +
                   plain.error().message);
    return;
  }
  if (!flushed) {
    Waiter waiter;
    Scan(record, plain.value(), waiter);
    waiter.memtable->Publish(waiter.rows);
  }
  if (record.receive_time_unix_nano >= clock_.UnixNanos() - RetryWindow::kWindowNanos) {
    retries_.Add(record.tenant, record.body_hash, record.receive_time_unix_nano, lsn);
  }
}

void LocalTraceStore::Close() {
  {
    const base::MutexLock lock(mutex_);
    if (std::exchange(closing_, true)) return;
    commit_wake_.NotifyOne();
    compacted_.NotifyAll();
  }
  committer_.join();
  {
    const base::MutexLock lock(mutex_);
    if (!failed_) memtables_.SealAll();
    stop_flushing_ = true;
    flush_wake_.NotifyOne();
  }
  flusher_.join();
  {
    const base::MutexLock lock(mutex_);
    stop_compacting_.request_stop();
    compact_wake_.NotifyOne();
  }
  compactor_.join();
  DeleteUnused();
}

}  // namespace

base::Result<std::unique_ptr<TraceStore>> TraceStore::Open(base::Storage& storage,
                                                           base::Clock& clock,
                                                           TraceStoreOptions options) {
  LocalTraceStore::Parts parts;
  parts.directory = TRY(OpenDataDirectory(storage, options.directory));
  auto objects = TRY(objects::LocalObjectStore::Open(storage, options.directory));
  parts.blocks = TRY(BlockStore::Open(
      *objects, clock, {.node = parts.directory.node, .epoch = parts.directory.epoch}));
  TRY(objects->RemoveEmptyFolders("blocks"));
  parts.objects = std::move(objects);
  parts.retries = TRY(ReadRetries(storage, options.directory + "/wal"));
  // Positions rise for ever, also when the log they were in has been deleted.
  const std::vector<uint32_t>& segments = parts.directory.segments;
  const auto flushed = static_cast<uint32_t>(parts.blocks->HighestFlushedLsn() >> 32);
  parts.first_segment = std::max(segments.empty() ? 0 : segments.back(), flushed) + 1;
  return std::unique_ptr<TraceStore>(
      std::make_unique<LocalTraceStore>(storage, clock, std::move(options), std::move(parts)));
}

}  // namespace clew::store
