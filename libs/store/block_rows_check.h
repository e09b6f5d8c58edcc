// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/block.h"
#include "store/catalog_state.h"

namespace clew::store {

// Reads all spans of a block back and finds again, from them alone, the order of its
// rows, the shape of its traces and what traces.parquet, trace_ids.idx and the catalog
// say of them. kCorruption names the first place where the block says something else.
base::Status CheckBlockRows(const Block& block, const CatalogBlock& catalog);

}  // namespace clew::store
