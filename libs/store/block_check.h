// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "objects/object_store.h"
#include "store/catalog_state.h"

namespace clew::store {

// Something that is wrong with an object of a block.
struct BlockFault {
  std::string object;  // its name below the block's prefix
  std::string what;
  base::ErrorCode code{};

  // Otherwise it only could not be read at that time, and may be whole.
  bool is_damage() const;
};

// Reads all of a block and says everything that is wrong with it; nothing, when it is
// whole: its objects have the sizes and hashes of the catalog, its pages their
// checksums, its statistics and filters what the values are, its rows the order of a
// block and the shape of their traces, and traces.parquet, trace_ids.idx and the
// catalog agree with them. Memory: one column chunk, and 64 Ki spans without their
// attributes or one trace.
std::vector<BlockFault> CheckBlock(objects::ObjectStore& objects, const CatalogBlock& block);

}  // namespace clew::store
