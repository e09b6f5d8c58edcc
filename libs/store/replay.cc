// SPDX-License-Identifier: Apache-2.0
// What a start reads of the log: one thread reads, verifies and scans records, another takes what
// was scanned into memtables, in the order of the log.
#include <numeric>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/log.h"
#include "store/local_trace_store.h"
#include "store/replay_queue.h"
#include "store/wal_recovery.h"

namespace clew::store {
namespace {

// What is told of a body may take thirty times as much memory as the body, so this is what it
// is told of at most.
constexpr size_t kRecordedBytes = size_t{1} << 20;

base::Status ReadSpans(const WalRecord& record, ReplayedRecord& replayed) {
  replayed.plain = TRY(InflatedBodyOf(record));
  if (replayed.plain.size() > kRecordedBytes) {
    TRY(wire::Validate(record.format, replayed.plain));
    return {};
  }
  replayed.spans.emplace(replayed.plain);
  return wire::Scan(record.format, record.decoder_version, replayed.plain, *replayed.spans);
}

void TellSpans(const ReplayedRecord& replayed, model::SpanSink& sink) {
  if (replayed.spans) return replayed.spans->TellTo(sink);
  const WalRecord& record = replayed.record;
  CHECK(wire::Scan(record.format, record.decoder_version, replayed.plain, sink).ok());
}

}  // namespace

base::Status LocalTraceStore::Replay(
    const std::function<void(const ReplayProgress&)>& on_progress) {
  ReplayQueue queue;
  std::thread scanner([&] {
    while (const std::unique_ptr<ReplayedRecord> record = queue.Pop()) TakeReplayed(*record);
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
    flush_wake_.NotifyOne();
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

std::unique_ptr<ReplayedRecord> LocalTraceStore::ReadReplayed(const WalRecord& record) const {
  auto replayed = std::make_unique<ReplayedRecord>(
      ReplayedRecord{.record = record, .tenant = std::string(record.tenant), .plain = {}});
  replayed->record.tenant = {};
  replayed->record.body = {};
  replayed->flushed = record.lsn.number() <= block_store_->FlushedLsn(record.tenant);
  if (!replayed->flushed) replayed->read = ReadSpans(record, *replayed);
  return replayed;
}

void LocalTraceStore::TakeReplayed(ReplayedRecord& replayed) {
  replayed.record.tenant = replayed.tenant;
  const WalRecord& record = replayed.record;
  const base::MutexLock lock(mutex_);
  // Replay waits for the flushes that ingest would refuse bodies for.
  while (memtables_.has_sealed() && memtables_.size_bytes() > options_.memory_limit_bytes &&
         !flush_error_) {
    flush_wake_.NotifyOne();
    flushed_.Wait(mutex_);
  }
  if (!replayed.read.ok()) {
    ++counters_.damaged_records;
    base::LogError("damage: a record of the write-ahead log cannot be read: " +
                   replayed.read.error().message);
    return;
  }
  if (!replayed.flushed) {
    Waiter waiter;
    Take(record, [&](model::SpanSink& sink) { TellSpans(replayed, sink); }, waiter);
    waiter.memtable->Publish(waiter.rows);
  }
  if (record.receive_time_unix_nano >= clock_.UnixNanos() - RetryWindow::kWindowNanos) {
    retries_.Add(record.tenant, record.body_hash, record.receive_time_unix_nano,
                 record.lsn.number());
  }
}

}  // namespace clew::store
