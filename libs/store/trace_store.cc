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
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/log.h"
#include "objects/local_object_store.h"
#include "store/local_trace_store.h"
#include "store/upkeep_span.h"
#include "store/wal_recovery.h"

namespace clew::store {
namespace {

constexpr std::chrono::seconds kFlushRetry{1};

base::Error Failed() {
  return {base::ErrorCode::kIo, "the write-ahead log could not be synced; ingest has stopped"};
}

}  // namespace

// --- Appending ---

std::optional<LocalTraceStore::Refusal> LocalTraceStore::Queue(
    const Append& append, std::function<void(base::Result<Appended>)>& done) {
  // Listed under the same lock, so that waiters stand in log order.
  const base::MutexLock lock(mutex_);
  Waiter waiter;
  if (std::optional<Refusal> refusal = Accept(append, waiter)) return refusal;
  waiter.done = std::move(done);
  waiters_.push_back(std::move(waiter));
  return std::nullopt;
}

LocalTraceStore::Refusal LocalTraceStore::OfDisk(base::Error error) {
  const bool full = error.code == base::ErrorCode::kExhausted;
  return {full ? AppendRefusal::kDiskFull : AppendRefusal::kDiskError, std::move(error)};
}

// Memory that cannot be flushed fills up because of the disk.
std::optional<LocalTraceStore::Refusal> LocalTraceStore::CheckRoom(const Append& append) const {
  base::Status room = CheckMemory(memtables_.size_bytes(), append.plain.size(),
                                  options_.memory_limit_bytes, flush_error_);
  if (!room.ok()) {
    const auto reason = flush_error_ ? OfDisk(*flush_error_).reason : AppendRefusal::kMemory;
    return Refusal{reason, std::move(room).error()};
  }
  base::Status merged = debt_.Check(append.tenant);
  if (!merged.ok()) return Refusal{AppendRefusal::kUnmergedBlocks, std::move(merged).error()};
  return std::nullopt;
}

base::Result<Lsn> LocalTraceStore::Write(WalRecord record) {
  TRY(directory_.begins->Begin());
  return writer_.Append(record);
}

std::optional<LocalTraceStore::Refusal> LocalTraceStore::Accept(const Append& append,
                                                                Waiter& waiter) {
  const base::Hash128 hash = base::HashOf128(append.body);
  const int64_t now = clock_.UnixNanos();
  if (failed_) return Refusal{AppendRefusal::kDiskError, Failed()};
  if (closing_) return Refusal{AppendRefusal::kClosing, Failed()};
  if (const auto lsn = retries_.Find(append.tenant, hash, now)) {
    ++counters_.duplicates;
    waiter.appended = {*lsn, true};
    return std::nullopt;
  }
  if (std::optional<Refusal> full = CheckRoom(append)) return full;
  WalRecord record{.receive_time_unix_nano = now,
                   .body_hash = hash,
                   .format = append.format,
                   .encoding = append.encoding,
                   .decoder_version = wire::kDecoderVersion,
                   .tenant = append.tenant,
                   .body = append.body};
  base::Result<Lsn> written = Write(record);
  if (!written.ok()) return OfDisk(std::move(written).error());
  record.lsn = written.value();
  const auto scan = [&](model::SpanSink& sink) {
    const base::Status scanned =
        wire::Scan(record.format, record.decoder_version, append.plain, sink);
    CHECK(scanned.ok());  // It was validated before it was written.
  };
  Take(record, scan, waiter);
  retries_.Add(append.tenant, hash, now, record.lsn.number());
  counters_.wal_bytes = writer_.appended_bytes();
  return std::nullopt;
}

void LocalTraceStore::Take(const WalRecord& record,
                           const std::function<void(model::SpanSink&)>& tell, Waiter& waiter) {
  const std::shared_ptr<Memtable> memtable = memtables_.OpenOf(record.tenant);
  const uint32_t before = memtable->FinishBody();
  const uint64_t repaired_before = memtable->dictionary().repaired();
  tell(*memtable);
  waiter.appended = {record.lsn.number(), false};
  waiter.rows = memtable->FinishBody();
  waiter.memtable = memtable;
  counters_.spans += waiter.rows - before;
  counters_.repaired_strings += memtable->dictionary().repaired() - repaired_before;
  ++counters_.records;
  bool sealed = memtables_.NoteAppended(record.tenant, record.lsn.number());
  if (SealForLog(record.lsn.segment)) sealed = true;
  if (sealed) flush_wake_.NotifyOne();
}

// Tenants that send little hold back old segments. Those that hold back the oldest eighth
// of the log are sealed together, so that it is a while until the next time.
bool LocalTraceStore::SealForLog(uint32_t last_segment) {
  const std::optional<uint64_t> first = memtables_.FirstLsn();
  if (!first) return false;
  const auto first_segment = static_cast<uint32_t>(*first >> 32);
  const uint32_t kept = last_segment - first_segment;
  if (kept * options_.wal_segment_bytes <= options_.wal_limit_bytes) return false;
  return memtables_.SealBefore(uint64_t{first_segment + kept / 8 + 1} << 32);
}

// --- Committing ---

std::vector<LocalTraceStore::Waiter> LocalTraceStore::TakeWaiters(WalWriter::Unsynced& unsynced) {
  const base::MutexLock lock(mutex_);
  while (waiters_.empty() && !closing_) commit_wake_.Wait(mutex_);
  if (!waiters_.empty()) unsynced = writer_.TakeUnsynced();
  return std::exchange(waiters_, {});
}

// False once any sync has failed: it may have dropped the pages, and nothing
// after it can be trusted.
bool LocalTraceStore::NoteSync(bool synced, int64_t took_ns) {
  const base::MutexLock lock(mutex_);
  if (!synced) failed_ = true;
  ++counters_.syncs;
  counters_.sync_ns += static_cast<uint64_t>(took_ns);
  return !failed_;
}

void LocalTraceStore::Commit() {
  while (true) {
    WalWriter::Unsynced unsynced;
    std::vector<Waiter> served = TakeWaiters(unsynced);
    if (served.empty()) return;
    const int64_t began_ns = clock_.MonotonicNanos();
    const bool synced = !options_.fsync || unsynced.Sync(storage_, wal_path_).ok();
    const bool durable = NoteSync(synced, clock_.MonotonicNanos() - began_ns);
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

// While the log is read nobody can ask and all cores are needed, so blocks are written only when
// memory runs short.
bool LocalTraceStore::MayFlush() const {
  return replayed_ || stop_flushing_ ||
         memtables_.size_bytes() > options_.memory_limit_bytes / 4 * 3;
}

// Waits for memtables to flush; none: the store closes.
SealedMemtables LocalTraceStore::NextToFlush() {
  const base::MutexLock lock(mutex_);
  while (true) {
    SealedMemtables next = MayFlush() ? memtables_.NextToFlush() : SealedMemtables{};
    flushing_ = !next.empty();
    if (flushing_) return next;
    flushed_.NotifyAll();
    if (stop_flushing_) return {};
    flush_wake_.Wait(mutex_);
  }
}

void LocalTraceStore::FlushSealed() {
  while (true) {
    const SealedMemtables next = NextToFlush();
    if (next.empty()) return;
    const base::Status flushed = FlushSome(next);
    if (flushed.ok()) continue;
    NoteFailedFlush(flushed.error());
    const base::MutexLock lock(mutex_);
    if (stop_flushing_) return;  // The log has it.
    // Not when somebody asks for another attempt meanwhile.
    if (flush_error_) flush_wake_.WaitFor(mutex_, kFlushRetry);
  }
}

base::Status LocalTraceStore::FlushSome(const SealedMemtables& sealed) {
  const UpkeepSpan span(options_.tracer, "flush", sealed);
  const int64_t began_ns = clock_.MonotonicNanos();
  BlockStore::Blocks blocks = TRY(span.Noted(block_store_->Flush(sealed)));
  span.SetWritten(blocks);
  NoteFlush(sealed, std::move(blocks), clock_.MonotonicNanos() - began_ns);
  LookAtDebt();
  // The blocks are in the catalog: log that is left behind now goes with the next one.
  ReleaseOrKeepLog();
  return {};
}

// `blocks` are those of the first memtables. They go into the list under the lock: whoever
// deletes one knows by its users that no query has it.
void LocalTraceStore::NoteFlush(const SealedMemtables& sealed, BlockStore::Blocks blocks,
                                int64_t took_ns) {
  const base::MutexLock lock(mutex_);
  counters_.flush_ns += static_cast<uint64_t>(took_ns);
  for (size_t i = 0; i < blocks.size(); ++i) {
    memtables_.Remove(*sealed[i]);
    if (blocks[i] == nullptr) continue;
    counters_.flushed_bytes += blocks[i]->description().size_bytes();
    blocks_.Add(std::move(blocks[i]));
  }
  flush_error_.reset();
  counters_.flushes += blocks.size();
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

void LocalTraceStore::ReleaseOrKeepLog() {
  const base::Status released = ReleaseLog();
  if (released.ok()) return;
  base::LogWarning("old segments of the write-ahead log are kept: " + released.error().message);
}

base::Status LocalTraceStore::ReleaseLog() {
  const base::MutexLock releasing(releasing_);
  uint32_t keep = 0;
  std::string retries;
  {
    const base::MutexLock lock(mutex_);
    const std::optional<uint64_t> first = memtables_.FirstLsn();
    keep = first ? static_cast<uint32_t>(*first >> 32) : writer_.next_segment();
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

base::Result<uint64_t> LocalTraceStore::EndLog() {
  uint64_t end = 0;
  {
    const base::MutexLock lock(mutex_);
    writer_.EndSegment();
    end = uint64_t{writer_.next_segment()} << 32;
    memtables_.SealAll();
    flush_error_.reset();
    flush_wake_.NotifyOne();
    while (memtables_.FirstLsn().value_or(end) < end) {
      if (closing_) return base::Error{base::ErrorCode::kCancelled, "closed"};
      if (failed_) return Failed();
      if (flush_error_) return *flush_error_;
      flushed_.Wait(mutex_);
    }
  }
  TRY(ReleaseLog());
  return end;
}

// --- Reading ---

Sources LocalTraceStore::SourcesOf(std::string_view tenant) const {
  const base::MutexLock lock(mutex_);
  return {.memtables = memtables_.Of(tenant), .blocks = blocks_.Of(tenant)};
}

TraceStore::Counters LocalTraceStore::counters() const {
  const PageCache::Counters cache = block_store_->cache_counters();
  const base::MutexLock lock(mutex_);
  Counters counters = counters_;
  counters.blocks = blocks_.count();
  counters.block_bytes = blocks_.size_bytes();
  counters.memory_bytes = memtables_.size_bytes();
  counters.open_memtables = memtables_.open_count();
  counters.sealed_memtables = memtables_.sealed_count();
  counters.unmerged_blocks = debt_.worst();
  counters.all_unmerged_blocks = debt_.total();
  counters.damaged_blocks = block_store_->damaged_blocks();
  if (const auto first = memtables_.First()) {
    counters.wal_pinned_bytes = writer_.BytesSince(first->lsn);
    counters.wal_pinned_by = first->tenant;
  }
  counters.cache_hits = cache.hits;
  counters.cache_misses = cache.misses;
  counters.cache_bytes = cache.size_bytes;
  return counters;
}

// --- Beginning and ending ---

void LocalTraceStore::Close() {
  {
    const base::MutexLock lock(mutex_);
    if (std::exchange(closing_, true)) return;
    commit_wake_.NotifyOne();
    compacted_.NotifyAll();
    flushed_.NotifyAll();
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
  const base::MutexLock upkeep(upkeep_);
  DeleteUnused();
}

base::Result<std::unique_ptr<TraceStore>> TraceStore::Open(base::Storage& storage,
                                                           base::Clock& clock,
                                                           TraceStoreOptions options) {
  LocalTraceStore::Parts parts;
  parts.directory = TRY(OpenDataDirectory(storage, options.directory));
  auto objects = TRY(objects::LocalObjectStore::Open(storage, options.directory));
  parts.blocks = TRY(BlockStore::Open(*objects, clock,
                                      {.node = parts.directory.node,
                                       .epoch = parts.directory.epoch,
                                       .begins = parts.directory.begins.get()}));
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
