// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/compare/difference.h"

namespace clew::ledger {

// Takes out of `usual` the periods that were slow themselves: the time before a fault that began
// earlier than anyone noticed, or an older fault; else they would pass for normal. Those that
// `set` has traces in stay: what was so for both says nothing about their difference. Returns how
// many traces went. REQUIRES: both have the same period_bits
uint64_t LeaveOutSlowPeriods(const Cells<Part>& set, Cells<Part>& usual);

struct PartGrowths {
  std::vector<PartGrowth> parts;  // ascending by part; without operations
  uint64_t compared = 0;          // traces of the set whose kind `usual` has enough of
  double usual_ns = 0;            // of a whole trace, when kinds are as frequent as in the set
  double change_ns = 0;           // all growth
};
// REQUIRES: as above
PartGrowths GrowthOfParts(const Cells<Part>& set, const Cells<Part>& usual);

}  // namespace clew::ledger
