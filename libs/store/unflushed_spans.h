// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/storage.h"
#include "store/catalog_state.h"
#include "store/memtable.h"

namespace clew::store {

// What the log of a data directory has of a tenant that is in no block by the catalog's word.
struct UnflushedSpans {
  uint64_t node = 0;  // whose log it is
  std::shared_ptr<const Memtable> memtable;
};

// Looks only, so a server may be running on the directory: then what it writes just now may be
// there or not, acknowledged or not yet; and log that it deletes meanwhile, having made blocks of
// it, may be missing: then `catalog` is not the newest, or has those blocks. Records that are
// damaged are passed over.
base::Result<UnflushedSpans> ReadUnflushed(base::Storage& storage, const std::string& directory,
                                           const CatalogState& catalog, std::string_view tenant);

}  // namespace clew::store
