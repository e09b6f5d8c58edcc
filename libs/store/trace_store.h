// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/storage.h"
#include "model/ids.h"
#include "model/tracer.h"
#include "store/compaction.h"
#include "store/memtable_set.h"
#include "store/sources.h"
#include "store/wal_format.h"
#include "wire/body.h"

namespace clew::store {

struct TraceStoreOptions {
  std::string directory = "clew-data";
  // Over this much in memtables, those on their way to a block included, bodies are
  // refused until some are blocks.
  uint64_t memory_limit_bytes = uint64_t{256} << 20;
  MemtableSet::Limits memtables{};
  bool fsync = true;  // false: durability "os"
  uint64_t wal_segment_bytes = kSegmentBytes;
  CompactionLimits compaction{};
  RetentionLimits retention{};  // at first, see SetRetention
  // How often blocks are looked at for merging and dropping, when there is nothing to do.
  std::chrono::nanoseconds idle_look = std::chrono::seconds(1);
  // More log than this is not kept for tenants that send little: their memtables are flushed.
  uint64_t wal_limit_bytes = uint64_t{1} << 30;
  // Makes spans of flushes, compactions and retention; null: nobody does. Outlives the store.
  model::Tracer* tracer = nullptr;
};

// One request body on its way in. Views must hold until Append returns.
struct Append {
  std::string_view tenant;
  wire::Format format;
  wire::ContentEncoding encoding;
  std::string_view body;   // as received: this goes to the WAL
  std::string_view plain;  // the same, decompressed, and already validated by wire::Validate
};

// Why a body was not taken in.
enum class AppendRefusal : uint8_t {
  kNone,
  kMemory,          // over the limit of memory
  kUnmergedBlocks,  // merges do not keep up
  kDiskFull,
  kDiskError,
  kClosing,
};

// What the store did with a body; `duplicate` means it had it already.
struct Appended {
  uint64_t lsn = 0;
  bool duplicate = false;
};

struct ReplayProgress {
  uint64_t bytes_done = 0;
  uint64_t bytes_total = 0;
  uint64_t records = 0;
  uint64_t damaged_records = 0;
};

// What a deletion took away. Blocks that had other spans too are rewritten without it.
struct Deleted {
  uint64_t spans = 0, rewritten_blocks = 0, removed_blocks = 0;
};

// The durable trace store: a WAL in front of a memtable for each tenant, which become
// blocks. Thread-safe.
// Order of every append: WAL write -> scan into unpublished rows -> fdatasync
// (shared by all who wait) -> publish -> done. See docs/format/wal.md. A memtable that
// is full is sealed, written as a block by a thread of its own, committed to the
// catalog and only then let go; then the log it came from is deleted.
class TraceStore {
 public:
  // Locks the directory (kUnavailable names the pid that has it) and reads what
  // is needed to replay. kIo when it cannot be written.
  static base::Result<std::unique_ptr<TraceStore>> Open(base::Storage& storage, base::Clock& clock,
                                                        TraceStoreOptions options);
  virtual ~TraceStore() = default;

  // Reads the part of the WAL that is in no block into memtables; call once, before
  // the first Append. Calls `on_progress` now and then, from this thread.
  virtual base::Status Replay(const std::function<void(const ReplayProgress&)>& on_progress) = 0;

  // Calls `done` once, from the committing thread, when the spans are durable
  // and visible to every query; at once with kExhausted over the memory limit
  // or when too many blocks wait to be merged (nothing is stored), or kIo when the WAL refuses. A
  // body the tenant sent in the last 10 minutes is not stored again. Returns why `done` was
  // called at once with an error; kNone when it was not.
  virtual AppendRefusal AppendAsync(const Append& append,
                                    std::function<void(base::Result<Appended>)> done) = 0;

  // All that the tenant has.
  virtual Sources SourcesOf(std::string_view tenant) const = 0;

  // Waits until all that is acknowledged is in blocks, and the log it was in is deleted;
  // the reason when it cannot be.
  virtual base::Status Flush() = 0;
  // Merges and drops all blocks that are due, and waits for it.
  virtual base::Status Compact() = 0;
  // Deletes what the tenant has of a trace; without an id, all it has. It holds for what was
  // appended before the call: flushes that, deletes the log it was in, and takes the spans
  // out of all blocks with one commit. From then on no query is given them, and their files
  // are deleted once the queries that run have ended. After an error nothing is deleted,
  // or, when the commit's answer was lost, all is. REQUIRES: Replay has returned.
  virtual base::Result<Deleted> Delete(std::string_view tenant,
                                       std::optional<model::TraceId> trace_id) = 0;

  // What is kept from now on, whatever was said before. What is gone stays gone.
  virtual void SetRetention(RetentionLimits retention) = 0;

  struct Counters {
    uint64_t records = 0, spans = 0, duplicates = 0, memory_bytes = 0, wal_bytes = 0, syncs = 0,
             damaged_records = 0, blocks = 0, flushes = 0, failed_flushes = 0, merges = 0,
             dropped_blocks = 0, unmerged_blocks = 0, all_unmerged_blocks = 0, block_bytes = 0,
             flushed_bytes = 0, merged_bytes = 0, deleted_spans = 0, kept_spans = 0,
             damaged_blocks = 0, repaired_strings = 0, open_memtables = 0, sealed_memtables = 0;
    // Time that was spent syncing the log, writing blocks of memtables, and merging blocks.
    uint64_t sync_ns = 0, flush_ns = 0, merge_ns = 0;
    // Traces of the blocks that were merged, counted in each, and of the blocks made of them:
    // what is more of the former were parts of one trace.
    uint64_t merged_trace_parts = 0, merged_traces = 0;
    // Of the log, from the first record that is in no block on, and whose that record is.
    uint64_t wal_pinned_bytes = 0;
    std::string wal_pinned_by{};
    uint64_t cache_hits = 0, cache_misses = 0, cache_bytes = 0;
  };
  virtual Counters counters() const = 0;

  // Waits for what is in flight, flushes, and stops the threads. What cannot be
  // flushed is in the WAL.
  virtual void Close() = 0;
};

}  // namespace clew::store
