// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
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
#include "store/memtable.h"

namespace clew::store {

// The blocks of all tenants: which there are, as the catalog says, and how new ones
// come to be. Thread-safe; one flush at a time.
class BlockStore {
 public:
  struct Options {
    uint64_t node = 0;
    uint64_t epoch = 0;
  };
  // Reads the catalog and removes what unfinished uploads left behind. `objects` and
  // `clock` outlive it.
  static base::Result<std::unique_ptr<BlockStore>> Open(objects::ObjectStore& objects,
                                                        base::Clock& clock, Options options);

  using Blocks = std::vector<std::shared_ptr<const Block>>;
  // All live blocks by tenant.
  std::map<std::string, Blocks, std::less<>> AllBlocks() const;
  // The last record of the tenant, of this node, that is in a block; 0: none.
  uint64_t FlushedLsn(std::string_view tenant) const;
  // The highest of all tenants.
  uint64_t HighestFlushedLsn() const;

  // Writes a block of a sealed memtable's spans and commits it. After an error nothing
  // counts, and the same may be tried again. REQUIRES: memtable has published rows.
  base::Result<std::shared_ptr<const Block>> Flush(const std::string& tenant,
                                                   const Memtable& memtable, LsnRange lsns);

 private:
  BlockStore(objects::ObjectStore& objects, base::Clock& clock, std::unique_ptr<Catalog> catalog);
  base::Status RemoveLeftovers();
  void RemoveObjects(const BlockWriterOptions& options);

  objects::ObjectStore& objects_;
  base::Clock& clock_;
  uint64_t node_ = 0;
  const std::unique_ptr<Catalog> catalog_;
};

}  // namespace clew::store
