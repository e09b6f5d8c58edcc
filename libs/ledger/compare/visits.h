// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <vector>

#include "ledger/compare/difference.h"

namespace clew::ledger {

using VisitCells = std::map<Operation, Cells<Step>>;  // as LedgerSet::visits

// What visits do less often than usual: of each operation the step that is missed most, by how
// much. Only steps that half of the visits usually take, and that a fifth of them lacks now.
std::vector<LostStep> LostStepsOf(const VisitCells& set, const VisitCells& usual);

// Where errors begin more often than usual, by how much; at least one visit in a hundred more.
std::vector<MoreErrors> MoreErrorsOf(const VisitCells& set, const VisitCells& usual);

}  // namespace clew::ledger
