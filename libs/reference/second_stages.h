// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "reference/series.h"
#include "traceql/ast.h"

namespace clew::reference {

// What follows a metrics function. Each takes samples away.
void ApplySecondStage(const traceql::SecondStage& stage, std::vector<Series>& series);

}  // namespace clew::reference
