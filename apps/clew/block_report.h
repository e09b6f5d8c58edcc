// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "objects/object_store.h"
#include "store/catalog_state.h"

// What `clew block` prints, for people or as JSON.
namespace clew {

enum class ReportForm : uint8_t { kText, kJson };

// A line for each block, and their sum.
std::string ReportBlocks(const std::vector<const store::CatalogBlock*>& blocks, ReportForm form);

// What one block is made of: its files, row groups and columns, the largest first.
base::Result<std::string> ReportBlock(objects::ObjectStore& objects,
                                      const store::CatalogBlock& block, ReportForm form);

}  // namespace clew
