// SPDX-License-Identifier: Apache-2.0
#include "store/backup.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "objects/local_object_store.h"
#include "store/block_writer.h"
#include "store/catalog.h"

namespace clew::store {
namespace {

using objects::LocalObjectStore;

// A server may merge or drop a block while its files are taken; then the catalog is
// read again.
constexpr int kMaxAttempts = 10;

base::Status TakeBlock(LocalObjectStore& from, LocalObjectStore& to, const CatalogBlock& block) {
  const std::string prefix = BlockPrefix(block.tenant, block.id);
  for (const CatalogObject& object : block.objects) TRY(to.TakeFrom(from, prefix + object.name));
  return {};
}

class BackupRun {
 public:
  BackupRun(LocalObjectStore& from, LocalObjectStore& to, Catalog& source, Catalog& target)
      : from_(from), to_(to), source_(source), target_(target) {}

  base::Result<BackupReport> Run() {
    for (int attempt = 1;; ++attempt) {
      const auto state = TRY(source_.Refresh());
      const base::Status taken = Take(*state);
      if (taken.ok()) return Report();
      if (taken.error().code != base::ErrorCode::kNotFound || attempt == kMaxAttempts) {
        return taken.error();
      }
    }
  }

 private:
  base::Status Take(const CatalogState& state) {
    const auto before = target_.state();
    CatalogEntry entry;
    for (const auto& [id, block] : state.blocks()) {
      if (before->blocks().contains(id)) continue;
      TRY(TakeBlock(from_, to_, block));
      // Positions in a log that the backup does not have.
      entry.added.push_back(block);
      entry.added.back().lsns = {};
    }
    std::vector<const CatalogBlock*> gone;
    for (const auto& [id, block] : before->blocks()) {
      if (state.blocks().contains(id)) continue;
      entry.removed.push_back(id);
      gone.push_back(&block);
    }
    entry.columns = NewColumns(state, *before);
    report_.added = entry.added.size();
    report_.removed = gone.size();
    if (entry.added.empty() && entry.removed.empty()) return {};
    TRY(target_.Commit(std::move(entry)));
    for (const CatalogBlock* block : gone) TRY(Delete(*block));
    return {};
  }

  static std::vector<CatalogColumn> NewColumns(const CatalogState& state,
                                               const CatalogState& before) {
    std::set<std::pair<std::string, std::string>> known;
    for (const CatalogColumn& column : before.columns()) known.emplace(column.tenant, column.name);
    std::vector<CatalogColumn> columns = state.columns();
    std::erase_if(columns, [&](const CatalogColumn& column) {
      return known.contains({column.tenant, column.name});
    });
    return columns;
  }

  base::Status Delete(const CatalogBlock& block) {
    const std::string prefix = BlockPrefix(block.tenant, block.id);
    for (const CatalogObject& object : block.objects) TRY(to_.Delete(prefix + object.name));
    return {};
  }

  BackupReport Report() {
    const auto state = target_.state();
    for (const auto& [id, block] : state->blocks()) {
      ++report_.blocks;
      report_.spans += block.spans;
      report_.bytes += block.size_bytes();
    }
    return report_;
  }

  LocalObjectStore& from_;
  LocalObjectStore& to_;
  Catalog& source_;
  Catalog& target_;
  BackupReport report_;
};

}  // namespace

base::Result<BackupReport> WriteBackup(base::Storage& storage, base::Clock& clock,
                                       const std::string& from, const std::string& to) {
  if (!storage.Exists(from + "/catalog")) {
    return base::Error{base::ErrorCode::kNotFound,
                       from + " has no catalog of blocks: it is no data directory and no backup, " +
                           "or nothing was flushed yet"};
  }
  const auto source_objects = LocalObjectStore::OpenToRead(storage, from);
  const auto source = TRY(Catalog::Open(*source_objects, clock, {}));
  const auto target_objects = TRY(LocalObjectStore::Open(storage, to));
  const auto target = TRY(Catalog::Open(*target_objects, clock, {}));
  return BackupRun(*source_objects, *target_objects, *source, *target).Run();
}

}  // namespace clew::store
