// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "objects/object_store.h"
#include "store/block.h"
#include "store/block_check.h"
#include "store/block_writer.h"
#include "store/catalog.h"
#include "store/column_names.h"
#include "store/compaction.h"
#include "store/data_directory.h"
#include "store/memtable_set.h"
#include "store/page_cache.h"
#include "store/served_blocks.h"

namespace clew::store {

// What a deletion did to the blocks.
struct DeletedSpans {
  BlockChanges changes;
  uint64_t spans = 0;
};

// The blocks of all tenants: which there are, as the catalog says, and how new ones
// come to be. Thread-safe; one flush at a time.
class BlockStore {
 public:
  struct Options {
    uint64_t node = 0;
    uint64_t epoch = 0;
    uint64_t cache_bytes = uint64_t{128} << 20;  // of what was read of blocks
    Epoch* begins = nullptr;  // before the first commit; null: it has begun. Outlives the store
  };
  // Reads the catalog and removes what unfinished uploads left behind. `objects` and
  // `clock` outlive it.
  static base::Result<std::unique_ptr<BlockStore>> Open(objects::ObjectStore& objects,
                                                        base::Clock& clock, Options options);

  using Blocks = ServedBlocks::Blocks;
  // All live blocks by tenant.
  ServedBlocks::ByTenant AllBlocks() const;
  // The last record of the tenant, of this node, that is in a block; 0: none.
  uint64_t FlushedLsn(std::string_view tenant) const;
  // The highest of all tenants.
  uint64_t HighestFlushedLsn() const;

  // Writes a block of each memtable's spans and commits them in one entry: those of the first
  // memtables, at least of one, up to the first whose block cannot be written; null stands for
  // one without spans, or whose block came and went. After an error nothing counts, and the same
  // may be tried again.
  base::Result<Blocks> Flush(const SealedMemtables& sealed);

  // What to merge next, and what to drop, as of now.
  std::optional<MergePlan> NextMerge(const CompactionLimits& limits) const;
  UnmergedBlocks Unmerged(const CompactionLimits& limits) const;
  std::vector<std::string> NextDrops(const RetentionLimits& limits, uint64_t held_bytes = 0) const;
  std::optional<ExpiryPlan> NextExpiry(const RetentionLimits& retention,
                                       const CompactionLimits& limits) const;
  // Checks blocks that could not be read. Those that are damaged are in no plan from now on,
  // except to be dropped; those whose files cannot be read at the moment, damaged or not, are in
  // no merge for a minute. False: neither is news of any.
  bool SetAside(const std::vector<std::string>& blocks);
  bool IsAnyDamaged(const std::vector<std::string>& blocks) const;  // and known to be
  size_t damaged_blocks() const;                                    // that are live

  // Writes one block of the spans of several and commits it in their place. kCancelled
  // once `stopped` is asked for; after an error nothing counts.
  base::Result<std::shared_ptr<const Block>> Merge(const MergePlan& plan, const Blocks& blocks,
                                                   const std::stop_token& stopped);
  base::Status Drop(const std::vector<std::string>& blocks);
  // Writes a block of the traces that are kept for each time that they are kept for, and
  // commits them in the place of those that expire. Errors as of Merge.
  base::Result<BlockChanges> Keep(const ExpiryPlan& plan, const Selection& selection,
                                  const Blocks& blocks, const std::stop_token& stopped);
  // Takes what is to be deleted out of those of `blocks` that have records before its LSN, and
  // commits that in one entry: blocks without the trace in the place of those that have
  // it, none for a tenant. kCorruption names a block that cannot be read, kCancelled as
  // above; after an error nothing counts. REQUIRES: `blocks` are all of the tenant, and
  // no merge has both records before the LSN and behind it.
  base::Result<DeletedSpans> Delete(const CatalogDeletion& deletion, const Blocks& blocks,
                                    const std::stop_token& stopped);
  // What merges and drops did to the blocks that are served, when it was not known of all
  // whether they were committed.
  base::Result<BlockChanges> ChangesTo(const std::vector<std::string>& served);
  PageCache::Counters cache_counters() const { return cache_->counters(); }
  // Deletes the files of a block that is in the catalog no more.
  void DeleteFiles(const BlockDescription& block);

 private:
  BlockStore(objects::ObjectStore& objects, base::Clock& clock, Options options,
             std::unique_ptr<Catalog> catalog);
  base::Status RemoveLeftovers();
  std::shared_ptr<const Block> OpenBlock(const BlockDescription& block) const;
  // Whether an earlier attempt came through although its answer was lost; its block, null when
  // it is gone since.
  bool IsFlushed(const CatalogState& state, const SealedMemtable& sealed) const;
  static const CatalogBlock* FlushedBlock(const CatalogState& state, const SealedMemtable& sealed);
  // Writes the block of a sealed memtable and puts it into the entry.
  base::Status WriteFlushed(const SealedMemtable& sealed, CatalogEntry& entry);
  // Writes a block and puts it, with the columns that are new, into the entry.
  base::Status WriteInto(CatalogEntry& entry, BlockInput& input, CatalogBlock block,
                         parquet::Codec codec);
  // What some blocks have of some traces, as one block.
  base::Status WriteKept(CatalogEntry& entry, const Blocks& blocks,
                         std::span<const model::TraceId> traces, CatalogBlock block,
                         const std::stop_token& stopped);
  // When the youngest span of some blocks was received.
  int64_t LastReceived(const std::vector<std::string>& blocks) const;
  // Commits the entry and opens the blocks that it adds.
  base::Result<BlockChanges> CommitChanges(CatalogEntry entry);
  // Writes the files of a block; what it holds is filled in.
  base::Status WriteFiles(BlockInput& input, ColumnNames& names, parquet::Codec codec,
                          CatalogBlock& block);
  base::Status BeginAndCommit(const CatalogEntry& entry);
  // Commits the entry; also ok when it came through although its answer was lost. When it
  // certainly did not, the files of the blocks that it adds are deleted.
  base::Status Commit(CatalogEntry entry);
  // If the block has the trace, writes it without and puts it into the entry. `known` is
  // what the catalog says of the block. How many spans of the trace it had.
  base::Result<uint64_t> LeaveOut(const model::TraceId& trace_id,
                                  const std::shared_ptr<const Block>& block, CatalogBlock known,
                                  CatalogEntry& entry, const std::stop_token& stopped);

  void NoteFault(const CatalogBlock& block, const BlockFault& fault);
  bool IsSetAside(const std::string& id) const;
  BlockIds InNoMerge() const;

  objects::ObjectStore& objects_;
  base::Clock& clock_;
  const uint64_t node_, epoch_;
  Epoch* const begins_;
  const std::unique_ptr<PageCache> cache_;
  const std::unique_ptr<Catalog> catalog_;
  mutable base::Mutex mutex_;
  BlockIds damaged_ GUARDED_BY(mutex_);
  // Until when those that could not be read are in no merge.
  std::map<std::string, int64_t, std::less<>> unreadable_ GUARDED_BY(mutex_);
};

}  // namespace clew::store
