// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "store/page_cache.h"

// trace_ids.idx: which traces a block has. Hashes of their ids, sorted, behind a
// filter that answers for most absent ids with one read. docs/format/block.md.
namespace clew::store {

// `ids[i]` is the id of the block's trace i. The seed makes hashes that nobody can
// prepare collisions for.
std::string EncodeTraceIdIndex(std::span<const model::TraceId> ids, uint64_t seed);

// Reads the index; what is read is verified. Kept is only the header, and what the cache
// keeps. Thread-safe.
class TraceIdIndex {
 public:
  // Bytes [offset, offset + size) of the file.
  using Reader = std::function<base::Result<std::string>(uint64_t offset, uint64_t size)>;

  // `cache` outlives it; null: nothing is kept.
  // kCorruption; kUnsupported when it is of a newer program.
  static base::Result<TraceIdIndex> Open(Reader reader, uint64_t file_bytes,
                                         PageCache* cache = nullptr);

  // The traces that may have that id: those with its hash. At most three reads, of 4 KiB
  // each, when hashes are spread as they should be.
  base::Result<std::vector<uint32_t>> Find(const model::TraceId& id) const;
  uint64_t size() const { return count_; }

 private:
  struct Entry {
    uint64_t hash = 0;
    uint32_t trace = 0;
  };
  using Entries = std::vector<Entry>;
  TraceIdIndex() = default;

  // The data of a page, without its checksum.
  using Page = std::shared_ptr<const std::string>;
  base::Result<Page> GetPage(uint64_t page) const;
  base::Result<std::string> ReadPage(uint64_t page) const;
  base::Result<Entries> ReadEntries(uint64_t page) const;
  base::Result<bool> MayContain(uint64_t hash) const;
  struct EntryPage {
    uint64_t page = 0;
    Entries entries;
  };
  base::Result<EntryPage> FirstPageWith(uint64_t hash) const;

  Reader reader_;
  PageCache* cache_ = nullptr;
  uint64_t number_ = 0;  // in the cache
  uint64_t seed_ = 0;
  uint64_t count_ = 0;
  uint64_t filter_pages_ = 0, entry_pages_ = 0;
};

}  // namespace clew::store
