// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/block.h"

namespace clew::query {

// Where a trace lies, or a part of it: some rows of a block. Null: nothing is known.
struct TracePlace {
  const store::Block* block = nullptr;
  store::RowRange rows{};
};

}  // namespace clew::query
