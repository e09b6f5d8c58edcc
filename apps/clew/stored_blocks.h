// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "objects/local_object_store.h"
#include "store/catalog_state.h"

namespace clew {

// The blocks of a data directory, as its catalog names them. Looks only, so a server
// may be running on it.
class StoredBlocks {
 public:
  // kNotFound when `directory` is no data directory; else as Catalog::Open.
  static base::Result<StoredBlocks> Open(const std::string& directory);

  objects::ObjectStore& objects() const { return *objects_; }
  const store::CatalogState& state() const { return *state_; }
  // All of a tenant, or of every one if empty, the oldest first.
  std::vector<const store::CatalogBlock*> OfTenant(std::string_view tenant) const;
  // The one whose id begins so; kNotFound, kInvalidArgument when there are several.
  base::Result<const store::CatalogBlock*> Find(std::string_view id) const;

 private:
  std::unique_ptr<objects::LocalObjectStore> objects_;
  std::shared_ptr<const store::CatalogState> state_;
};

}  // namespace clew
