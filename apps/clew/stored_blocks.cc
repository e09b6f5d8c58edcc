// SPDX-License-Identifier: Apache-2.0
#include "stored_blocks.h"

#include "base/clock.h"
#include "base/storage.h"
#include "store/catalog.h"

namespace clew {

base::Result<StoredBlocks> StoredBlocks::Open(const std::string& directory) {
  base::Storage& storage = base::Storage::Local();
  if (!storage.Exists(directory + "/store.json")) {
    return base::Error{base::ErrorCode::kNotFound,
                       directory + " is no data directory: it has no store.json. Name the one of " +
                           "the server with --data"};
  }
  StoredBlocks blocks;
  blocks.objects_ = objects::LocalObjectStore::OpenToRead(storage, directory);
  const auto catalog = TRY(store::Catalog::Open(*blocks.objects_, base::Clock::System(),
                                                {.snapshot_bytes = UINT64_MAX}));
  blocks.state_ = catalog->state();
  return blocks;
}

std::vector<const store::CatalogBlock*> StoredBlocks::OfTenant(std::string_view tenant) const {
  std::vector<const store::CatalogBlock*> blocks;
  for (const auto& [id, block] : state_->blocks()) {
    if (tenant.empty() || block.tenant == tenant) blocks.push_back(&block);
  }
  return blocks;  // ids begin with the time
}

base::Result<const store::CatalogBlock*> StoredBlocks::Find(std::string_view id) const {
  const auto found = state_->blocks().lower_bound(id);
  if (found == state_->blocks().end() || !found->first.starts_with(id)) {
    return base::Error{base::ErrorCode::kNotFound,
                       "there is no block " + std::string(id) + "; clew block ls names them"};
  }
  const auto next = std::next(found);
  if (found->first != id && next != state_->blocks().end() && next->first.starts_with(id)) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "several blocks begin with " + std::string(id) + "; say more of the id"};
  }
  return &found->second;
}

}  // namespace clew
