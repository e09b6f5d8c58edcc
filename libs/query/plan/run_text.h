// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "query/run_counters.h"
#include "query/time_range.h"
#include "store/sources.h"

namespace clew::query {

// What a run has to look through, and which blocks of it the range lets it pass over.
std::string Print(const store::Sources& sources, const TimeRange& range);
// What it then looked at. The same form as that of a plan.
std::string Print(const RunCounters& counters);

}  // namespace clew::query
