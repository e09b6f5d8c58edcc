// SPDX-License-Identifier: Apache-2.0
// What a start reads of the log: one thread reads and verifies records, another scans them
// into memtables, in the order of the log.
#include <numeric>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.h"
#include "store/local_trace_store.h"
#include "store/replay_queue.h"
#include "store/wal_recovery.h"

namespace clew::store {

base::Status LocalTraceStore::Replay(
    const std::function<void(const ReplayProgress&)>& on_progress) {
  ReplayQueue queue;
  std::thread scanner([&] {
    while (std::optional<ReplayedRecord> record = queue.Pop()) TakeReplayed(std::move(*record));
  });
  base::Status read = ReadLog(queue, on_progress);
  queue.Close();
  scanner.join();
  TRY(std::move(read));
  const RetentionLimits retention = RetentionOfNow();
  const bool compact = block_store_->NextMerge(options_.compaction).has_value() ||
                       !block_store_->NextDrops(retention).empty() ||
                       block_store_->NextExpiry(retention, options_.compaction);
  {
    const base::MutexLock lock(mutex_);
    replayed_ = true;
    look_at_once_ = compact;
    if (compact) compact_wake_.NotifyOne();
    // The thread that flushes does it after what it has to flush.
    if (memtables_.has_sealed() || flushing_) return {};
  }
  ReleaseOrKeepLog();
  return {};
}

base::Status LocalTraceStore::ReadLog(
    ReplayQueue& queue, const std::function<void(const ReplayProgress&)>& on_progress) {
  ReplayProgress progress;
  const std::vector<uint64_t> sizes = TRY(SegmentSizes(storage_, wal_path_, directory_.segments));
  progress.bytes_total = std::accumulate(sizes.begin(), sizes.end(), uint64_t{0});
  // The process may have ended before it synced the name of its last one, see RecoverSegment.
  if (!sizes.empty()) TRY(storage_.SyncDirectory(wal_path_));
  for (size_t i = 0; i < directory_.segments.size(); ++i) {
    const SegmentSummary summary =
        TRY(RecoverSegment(storage_, {wal_path_, directory_.segments[i]},
                           [&](const WalRecord& record) { queue.Push(ReadReplayed(record)); }));
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
  return {};
}

ReplayedRecord LocalTraceStore::ReadReplayed(const WalRecord& record) const {
  const bool flushed = record.lsn.number() <= block_store_->FlushedLsn(record.tenant);
  ReplayedRecord replayed{.record = record,
                          .tenant = std::string(record.tenant),
                          .plain = flushed ? std::string() : PlainBodyOf(record),
                          .flushed = flushed};
  replayed.record.tenant = {};
  replayed.record.body = {};
  return replayed;
}

void LocalTraceStore::TakeReplayed(ReplayedRecord replayed) {
  replayed.record.tenant = replayed.tenant;
  const WalRecord& record = replayed.record;
  const base::MutexLock lock(mutex_);
  // Replay waits for the flushes that ingest would refuse bodies for.
  while (memtables_.has_sealed() && memtables_.size_bytes() > options_.memory_limit_bytes &&
         !flush_error_) {
    flushed_.Wait(mutex_);
  }
  if (!replayed.plain.ok()) {
    ++counters_.damaged_records;
    base::LogError("damage: a record of the write-ahead log cannot be read: " +
                   replayed.plain.error().message);
    return;
  }
  if (!replayed.flushed) {
    Waiter waiter;
    Scan(record, replayed.plain.value(), waiter);
    waiter.memtable->Publish(waiter.rows);
  }
  if (record.receive_time_unix_nano >= clock_.UnixNanos() - RetryWindow::kWindowNanos) {
    retries_.Add(record.tenant, record.body_hash, record.receive_time_unix_nano,
                 record.lsn.number());
  }
}

}  // namespace clew::store
