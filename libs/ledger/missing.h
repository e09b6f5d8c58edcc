// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ledger/family.h"
#include "ledger/forest.h"

namespace clew::ledger {

// Adds parents that were not received to the forest of the received spans: the nodes
// [first, first + missing.size()), below `root`, whose parts are known. Afterwards all parts are.
// `tops` are all of the forest's.
void PlaceMissingParents(std::span<const MissingParent> missing, uint32_t root,
                         std::span<const uint32_t> tops, Forest& forest);

}  // namespace clew::ledger
