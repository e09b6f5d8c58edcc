// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "ledger/compare/difference.h"

namespace clew::ledger {

// The services that growth is charged to: those that stand out first, then by score; of equal
// ones by their code. `usual_ns` is what a whole trace takes.
std::vector<Suspect> SuspectsOf(std::span<const PartGrowth> parts, double usual_ns);

}  // namespace clew::ledger
