// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "model/ids.h"
#include "store/column_names.h"
#include "store/wal_format.h"

// What the entries of a catalog say, and their bytes; docs/format/catalog.md draws them.
namespace clew::store {

inline constexpr uint16_t kCatalogFormat = 1;
inline constexpr uint16_t kCatalogMinimumReader = 1;

struct CatalogObject {
  std::string name;
  uint64_t size_bytes = 0;
  base::Hash128 hash{};
  bool operator==(const CatalogObject&) const = default;
};

inline constexpr uint32_t kMergedForGood = 2;  // the level of what is not merged again

// A block as the catalog knows it. `lsns` are those of the records of `node` that it was
// flushed from; both 0 for one that was merged.
struct CatalogBlock {
  std::string tenant, id;
  uint32_t format = 0;
  uint32_t level = 0;  // 0: flushed, 1: merged, 2: merged for good
  uint64_t spans = 0, traces = 0;
  int64_t min_start_unix_nano = 0, max_start_unix_nano = 0;
  int64_t received_unix_nano = 0;  // of its youngest span
  LsnRange lsns{};
  std::vector<CatalogObject> objects{};
  int64_t keep_until_unix_nano = 0;  // that a rule of the retention gave it; 0: none did
  uint64_t size_bytes() const;
  bool operator==(const CatalogBlock&) const = default;
};

// A column that a tenant's attribute was given, for ever.
struct CatalogColumn {
  std::string tenant, name;
  ColumnType type{};
  bool operator==(const CatalogColumn&) const = default;
};

// How far the records of a node's log are in blocks, tenant by tenant.
struct CatalogFlushed {
  uint64_t node = 0;
  std::string tenant;
  uint64_t lsn = 0;
  bool operator==(const CatalogFlushed&) const = default;
};

// What an entry deletes of a tenant: a trace, or all. It holds for the records of the
// entry's node before `before_lsn`; what came later under the same id is new. The blocks
// of the same entry, removed and added, are all there is to do, so that a state does not
// keep it.
struct CatalogDeletion {
  std::string tenant;
  std::optional<model::TraceId> trace_id{};  // nullopt: the tenant as a whole
  uint64_t before_lsn = 0;
  bool operator==(const CatalogDeletion&) const = default;
};

// One entry: what one commit changed. `nonce` is how its writer knows it again; that of
// a snapshot is the one of the entry of its number.
struct CatalogEntry {
  uint64_t nonce = 0;
  uint64_t node = 0;
  uint64_t epoch = 0;
  int64_t time_unix_nano = 0;
  std::vector<CatalogBlock> added{};
  std::vector<std::string> removed{};  // ids of blocks
  std::vector<CatalogColumn> columns{};
  std::vector<CatalogFlushed> flushed{};  // in snapshots; entries tell it by their blocks
  std::vector<std::pair<uint64_t, uint64_t>> epochs{};  // node and epoch; in snapshots
  std::vector<uint64_t> recent{};  // nonces of the last commits, oldest first; in snapshots
  std::vector<CatalogDeletion> deletions{};  // not in snapshots
  // Sections of a newer program: kept as they are.
  std::vector<std::pair<uint64_t, std::string>> unknown{};
  bool operator==(const CatalogEntry&) const = default;
};

std::string EncodeCatalogEntry(const CatalogEntry& entry);
// kCorruption; kUnsupported, naming both formats, when it is of a newer program.
base::Result<CatalogEntry> DecodeCatalogEntry(std::string_view bytes);

// All entries together.
class CatalogState {
 public:
  // Why an entry cannot be the next: a block that it removes is not live, a range of
  // records is not above what is flushed, another has claimed the name of a column, or its
  // epoch is an old one.
  base::Status Check(const CatalogEntry& entry) const;
  // REQUIRES: Check(entry).ok(), or the entry is in the chain.
  void Apply(const CatalogEntry& entry);
  // One entry that makes this state of nothing.
  CatalogEntry Snapshot() const;

  using Blocks = std::map<std::string, CatalogBlock, std::less<>>;
  const Blocks& blocks() const { return blocks_; }  // by id
  uint64_t FlushedLsn(uint64_t node, std::string_view tenant) const;
  uint64_t HighestFlushedLsn(uint64_t node) const;
  uint64_t EpochOf(uint64_t node) const;  // 0: it has committed nothing
  // Which columns a tenant's attributes have, and those of all tenants.
  const ColumnNames& NamesOf(std::string_view tenant) const;
  std::vector<CatalogColumn> columns() const;

  // Whether the commit of that nonce is among the last ones.
  static constexpr size_t kRecentCommits = 256;
  bool HasTaken(uint64_t nonce) const;
  uint64_t last_nonce() const { return recent_.empty() ? 0 : recent_.back(); }

 private:
  void NoteNonce(uint64_t nonce);
  void NoteColumns(const std::vector<CatalogColumn>& columns);

  Blocks blocks_;
  std::map<std::pair<uint64_t, std::string>, uint64_t> flushed_;
  std::map<uint64_t, uint64_t> epochs_;  // by node
  // By tenant; shared with the states before, which each commit copies.
  std::map<std::string, std::shared_ptr<const ColumnNames>, std::less<>> names_;
  std::vector<uint64_t> recent_;
  std::vector<std::pair<uint64_t, std::string>> unknown_;
};

}  // namespace clew::store
