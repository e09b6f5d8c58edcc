// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "objects/object_store.h"
#include "store/block.h"
#include "store/block_writer.h"
#include "store/catalog.h"
#include "store/column_names.h"
#include "store/compaction.h"
#include "store/memtable.h"
#include "store/page_cache.h"
#include "store/served_blocks.h"

namespace clew::store {

// The blocks of all tenants: which there are, as the catalog says, and how new ones
// come to be. Thread-safe; one flush at a time.
class BlockStore {
 public:
  struct Options {
    uint64_t node = 0;
    uint64_t epoch = 0;
    uint64_t cache_bytes = uint64_t{128} << 20;  // of what was read of blocks
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

  // Writes a block of a sealed memtable's spans and commits it. After an error nothing
  // counts, and the same may be tried again. REQUIRES: memtable has published rows.
  base::Result<std::shared_ptr<const Block>> Flush(const std::string& tenant,
                                                   const Memtable& memtable, LsnRange lsns);

  // What to merge next, and what to drop, as of now.
  std::optional<MergePlan> NextMerge(const CompactionLimits& limits) const;
  UnmergedBlocks Unmerged(const CompactionLimits& limits) const;
  std::vector<std::string> NextDrops(const RetentionLimits& limits) const;

  // Writes one block of the spans of several and commits it in their place. kCancelled
  // once `stopped` is asked for; after an error nothing counts.
  base::Result<std::shared_ptr<const Block>> Merge(const MergePlan& plan, const Blocks& blocks,
                                                   const std::stop_token& stopped);
  base::Status Drop(const std::vector<std::string>& blocks);
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
  // Writes the block, commits it in place of others, and opens it.
  base::Result<std::shared_ptr<const Block>> Write(BlockInput& input, CatalogBlock block,
                                                   parquet::Codec codec,
                                                   std::vector<std::string> replaced);

  objects::ObjectStore& objects_;
  base::Clock& clock_;
  const uint64_t node_;
  const std::unique_ptr<PageCache> cache_;
  const std::unique_ptr<Catalog> catalog_;
};

}  // namespace clew::store
