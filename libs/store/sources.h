// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "store/block.h"
#include "store/memtable.h"

namespace clew::store {

// All that a tenant has at one moment: every span is in exactly one of them. A query
// keeps what it was given for as long as it runs, whatever is flushed, merged or
// dropped meanwhile.
struct Sources {
  std::vector<std::shared_ptr<const Memtable>> memtables;
  std::vector<std::shared_ptr<const Block>> blocks;

  bool empty() const { return memtables.empty() && blocks.empty(); }
};

}  // namespace clew::store
