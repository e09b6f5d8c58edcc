// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <vector>

#include "ledger/compare/difference.h"

namespace clew::ledger {

// What visits do less often than usual: of each operation the step that is missed most, by how
// much. Only steps that half of the visits usually take, and that a fifth of them lacks now.
std::vector<LostStep> LostStepsOf(const std::map<Operation, VisitCounts>& set,
                                  const std::map<Operation, VisitCounts>& usual);

// Where errors begin more often than usual, by how much; at least one visit in a hundred more.
std::vector<MoreErrors> MoreErrorsOf(const std::map<Operation, VisitCounts>& set,
                                     const std::map<Operation, VisitCounts>& usual);

}  // namespace clew::ledger
