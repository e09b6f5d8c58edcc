// SPDX-License-Identifier: Apache-2.0
// Everything that changes the store happens under one mutex, in log order: write
// the record, scan it into unpublished rows, queue for the next sync. Only the
// sync itself runs outside, in a thread of its own: while it runs, more appends
// queue, and the next sync serves them all. That is the group commit.
#include "store/trace_store.h"

#include <map>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/compression.h"
#include "base/log.h"
#include "base/mutex.h"
#include "store/data_directory.h"
#include "store/retry_window.h"
#include "store/wal_reader.h"
#include "store/wal_writer.h"

namespace clew::store {
namespace {

// No accepted body inflates to more; ingest has a smaller limit of its own.
constexpr size_t kReplayInflatedLimit = size_t{1} << 30;

base::Codec CodecOf(wire::ContentEncoding encoding) {
  switch (encoding) {
    case wire::ContentEncoding::kIdentity:
      return base::Codec::kNone;
    case wire::ContentEncoding::kGzip:
      return base::Codec::kGzip;
    case wire::ContentEncoding::kDeflate:
      return base::Codec::kDeflate;
    case wire::ContentEncoding::kZstd:
      return base::Codec::kZstd;
    case wire::ContentEncoding::kLz4:
      return base::Codec::kLz4;
    case wire::ContentEncoding::kSnappy:
      return base::Codec::kSnappy;
  }
  return base::Codec::kNone;
}

class LocalTraceStore final : public TraceStore {
 public:
  LocalTraceStore(base::Storage& storage, base::Clock& clock, TraceStoreOptions options,
                  DataDirectory directory)
      : storage_(storage),
        clock_(clock),
        options_(std::move(options)),
        wal_path_(options_.directory + "/wal"),
        directory_(std::move(directory)),
        writer_(storage,
                {.directory = wal_path_,
                 .node = directory_.node,
                 .epoch = directory_.epoch,
                 .first_segment = directory_.segments.empty() ? 1 : directory_.segments.back() + 1,
                 .segment_bytes = options_.wal_segment_bytes}),
        committer_([this] { Commit(); }) {}

  ~LocalTraceStore() override { Close(); }

  base::Status Replay(const std::function<void(const ReplayProgress&)>& on_progress) override {
    ReplayProgress progress;
    for (const uint32_t segment : directory_.segments) {
      auto file = TRY(storage_.Open(PathOf(segment), base::Storage::Mode::kRead));
      progress.bytes_total += TRY(file->Size());
    }
    for (const uint32_t segment : directory_.segments) {
      TRY(ReplaySegment(segment, progress));
      on_progress(progress);
    }
    return {};
  }

  void AppendAsync(const Append& append,
                   std::function<void(base::Result<Appended>)> done) override {
    base::Status queued = Queue(append, done);
    if (!queued.ok()) return done(std::move(queued).error());
    wake_.NotifyOne();
  }

  std::shared_ptr<const Memtable> MemtableOf(std::string_view tenant) const override {
    const base::MutexLock lock(mutex_);
    const auto found = tenants_.find(tenant);
    return found == tenants_.end() ? nullptr : found->second.memtable;
  }

  Counters counters() const override {
    const base::MutexLock lock(mutex_);
    return counters_;
  }

  void Close() override {
    {
      const base::MutexLock lock(mutex_);
      if (std::exchange(closing_, true)) return;
      wake_.NotifyOne();
    }
    committer_.join();
  }

 private:
  struct Tenant {
    std::shared_ptr<Memtable> memtable = std::make_shared<Memtable>();
    uint64_t size_bytes = 0;
  };
  // Somebody who waits for a sync, and what becomes visible with it.
  struct Waiter {
    Appended appended;
    std::shared_ptr<Memtable> memtable{};  // null: nothing new
    uint32_t rows = 0;
    std::function<void(base::Result<Appended>)> done;
  };

  std::string PathOf(uint32_t segment) const { return wal_path_ + "/" + SegmentName(segment); }
  static base::Error Failed() {
    return {base::ErrorCode::kIo, "the write-ahead log could not be synced; ingest has stopped"};
  }

  // Writes, scans and lists the waiter. Takes `done` over only when it succeeds.
  base::Status Queue(const Append& append, std::function<void(base::Result<Appended>)>& done) {
    // Listed under the same lock, so that waiters stand in log order.
    const base::MutexLock lock(mutex_);
    Waiter waiter;
    TRY(Accept(append, waiter));
    waiter.done = std::move(done);
    waiters_.push_back(std::move(waiter));
    return {};
  }
  // Writes and scans; the rows it made are published by the next sync.
  base::Status Accept(const Append& append, Waiter& waiter) REQUIRES_LOCK(mutex_);
  base::Status ReplaySegment(uint32_t segment, ReplayProgress& progress);
  void ReplayRecord(const WalRecord& record) REQUIRES_LOCK(mutex_);
  void KeepAside(Lsn lsn, std::string_view bytes);
  uint32_t ScanInto(Tenant& tenant, const WalRecord& record, std::string_view plain)
      REQUIRES_LOCK(mutex_);
  Tenant& TenantOf(std::string_view name) REQUIRES_LOCK(mutex_) {
    const auto found = tenants_.find(name);
    return found != tenants_.end() ? found->second : tenants_[std::string(name)];
  }
  // The thread that syncs for all who wait, until the store closes.
  void Commit();
  // Waits for waiters; none: the store closes.
  std::vector<Waiter> TakeWaiters(std::vector<std::shared_ptr<base::File>>& files);
  bool NoteSync(bool synced);

  base::Storage& storage_;
  base::Clock& clock_;
  const TraceStoreOptions options_;
  const std::string wal_path_;
  const DataDirectory directory_;

  mutable base::Mutex mutex_;
  base::CondVar wake_;  // of the committing thread
  WalWriter writer_ GUARDED_BY(mutex_);
  RetryWindow retries_ GUARDED_BY(mutex_);
  std::map<std::string, Tenant, std::less<>> tenants_ GUARDED_BY(mutex_);
  std::vector<Waiter> waiters_ GUARDED_BY(mutex_);
  Counters counters_ GUARDED_BY(mutex_);
  bool failed_ GUARDED_BY(mutex_) = false;
  bool closing_ GUARDED_BY(mutex_) = false;

  std::thread committer_;
};

base::Status LocalTraceStore::Accept(const Append& append, Waiter& waiter) {
  const base::Hash128 hash = base::HashOf128(append.body);
  const int64_t now = clock_.UnixNanos();
  if (failed_ || closing_) return Failed();
  if (const auto lsn = retries_.Find(append.tenant, hash, now)) {
    ++counters_.duplicates;
    waiter.appended = {*lsn, true};
    return {};
  }
  if (counters_.memory_bytes + append.plain.size() > options_.memory_limit_bytes) {
    return base::Error{base::ErrorCode::kExhausted,
                       "the store holds " + std::to_string(counters_.memory_bytes) +
                           " bytes of at most " + std::to_string(options_.memory_limit_bytes) +
                           " in memory; try again later or raise the limit"};
  }
  const WalRecord record{.receive_time_unix_nano = now,
                         .body_hash = hash,
                         .format = append.format,
                         .encoding = append.encoding,
                         .decoder_version = wire::kDecoderVersion,
                         .tenant = append.tenant,
                         .body = append.body};
  const Lsn lsn = TRY(writer_.Append(record));
  Tenant& tenant = TenantOf(append.tenant);
  const uint32_t rows = ScanInto(tenant, record, append.plain);
  retries_.Add(append.tenant, hash, now, lsn.number());
  counters_.wal_bytes = writer_.appended_bytes();
  waiter.appended = {lsn.number(), false};
  waiter.memtable = tenant.memtable;
  waiter.rows = rows;
  return {};
}

uint32_t LocalTraceStore::ScanInto(Tenant& tenant, const WalRecord& record,
                                   std::string_view plain) {
  const uint32_t before = tenant.memtable->FinishBody();
  const base::Status scanned =
      wire::Scan(record.format, record.decoder_version, plain, *tenant.memtable);
  CHECK(scanned.ok());  // It was validated before it was written.
  const uint32_t rows = tenant.memtable->FinishBody();
  const uint64_t size = tenant.memtable->size_bytes();
  counters_.memory_bytes += size - tenant.size_bytes;
  tenant.size_bytes = size;
  counters_.spans += rows - before;
  ++counters_.records;
  return rows;
}

std::vector<LocalTraceStore::Waiter> LocalTraceStore::TakeWaiters(
    std::vector<std::shared_ptr<base::File>>& files) {
  const base::MutexLock lock(mutex_);
  while (waiters_.empty() && !closing_) wake_.Wait(mutex_);
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
    for (Waiter& waiter : served) {
      waiter.done(durable ? base::Result<Appended>(waiter.appended) : Failed());
    }
  }
}

base::Status LocalTraceStore::ReplaySegment(uint32_t segment, ReplayProgress& progress) {
  auto file = TRY(storage_.Open(PathOf(segment), base::Storage::Mode::kReadWrite));
  const uint64_t size = TRY(file->Size());
  const std::string bytes = TRY(file->Read(0, size));
  progress.bytes_done += size;
  const auto header = DecodeSegmentHeader(bytes);
  if (!header.ok()) {
    if (header.error().code == base::ErrorCode::kUnsupported) return header.error();
    // Made and not yet written when the process ended, or damaged from its first byte.
    base::LogWarning("damage: " + PathOf(segment) + ": " + header.error().message);
  }
  const base::MutexLock lock(mutex_);
  const SegmentSummary summary = ReadSegment(
      bytes, segment,
      [this](const WalRecord& record) REQUIRES_LOCK(mutex_) { ReplayRecord(record); },
      [this](Lsn lsn, std::string_view damaged) { KeepAside(lsn, damaged); });
  progress.records += summary.records;
  progress.damaged_records += summary.damaged;
  counters_.damaged_records += summary.damaged;
  counters_.wal_bytes += summary.end;
  // Cut the tail, so that what did not end can never look like a record again.
  if (summary.end < size) {
    TRY(file->Truncate(summary.end));
    TRY(file->Sync());
  }
  return {};
}

void LocalTraceStore::ReplayRecord(const WalRecord& record) {
  auto plain = base::Decompress(CodecOf(record.encoding), record.body, kReplayInflatedLimit);
  const auto valid = plain.ok() ? wire::Validate(record.format, plain.value())
                                : base::Result<wire::BodySummary>(plain.error());
  if (!valid.ok()) {
    ++counters_.damaged_records;
    base::LogError("damage: a record of the write-ahead log cannot be read: " +
                   valid.error().message);
    return;
  }
  Tenant& tenant = TenantOf(record.tenant);
  tenant.memtable->Publish(ScanInto(tenant, record, plain.value()));
  if (record.receive_time_unix_nano >= clock_.UnixNanos() - RetryWindow::kWindowNanos) {
    retries_.Add(record.tenant, record.body_hash, record.receive_time_unix_nano,
                 record.lsn.number());
  }
}

void LocalTraceStore::KeepAside(Lsn lsn, std::string_view bytes) {
  const std::string folder = wal_path_ + "/damaged";
  const std::string path = folder + "/" + std::to_string(lsn.number());
  base::LogError("damage: " + std::to_string(bytes.size()) + " bytes at offset " +
                 std::to_string(lsn.offset) + " of " + PathOf(lsn.segment) +
                 " are no record; kept aside in " + path);
  if (!storage_.MakeDirectories(folder).ok() || storage_.Exists(path)) return;
  auto file = storage_.Open(path, base::Storage::Mode::kCreate);
  if (file.ok()) (void)file.value()->Write(0, bytes);
}

}  // namespace

base::Result<std::unique_ptr<TraceStore>> TraceStore::Open(base::Storage& storage,
                                                           base::Clock& clock,
                                                           TraceStoreOptions options) {
  DataDirectory directory = TRY(OpenDataDirectory(storage, options.directory));
  return std::unique_ptr<TraceStore>(
      std::make_unique<LocalTraceStore>(storage, clock, std::move(options), std::move(directory)));
}

}  // namespace clew::store
