// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "block_report.h"
#include "objects/object_store.h"
#include "store/catalog_state.h"

// What takes the room on the disk: which attributes, and whose spans.
namespace clew {

struct StorageCost {
  uint64_t blocks = 0, spans = 0, bytes = 0;
  uint64_t gone_blocks = 0;  // merged or dropped since the catalog was read; not counted

  // Bytes of a column, of all types that its attribute has, or of what belongs to none; all of
  // them add up to `bytes`. The largest first.
  struct Column {
    std::string name;
    uint64_t bytes = 0;
  };
  std::vector<Column> columns;

  // The bytes of each block, shared out by spans: what a service's own attributes take is not
  // told apart. The largest first.
  struct Service {
    std::string name;
    uint64_t spans = 0;
    double bytes = 0;
  };
  std::vector<Service> services;
};

// Reads the footers of the blocks and the services of their traces, and no spans. kCancelled once
// `stopped` says so; else as Block.
base::Result<StorageCost> MeasureCost(objects::ObjectStore& objects,
                                      const std::vector<const store::CatalogBlock*>& blocks,
                                      const std::function<bool()>& stopped);

// The first `top` of each; the rest in one line.
std::string ReportCost(const StorageCost& cost, size_t top, ReportForm form);

}  // namespace clew
