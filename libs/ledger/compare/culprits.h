// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "ledger/compare/difference.h"

namespace clew::ledger {

// A service, and by what it differs most.
struct Culprit {
  enum class Reason : uint8_t { kGrowth, kErrors, kLostStep };

  uint32_t service = Names::kEmpty;
  Reason reason = Reason::kGrowth;
  Category category = Category::kSelf;  // of its growth
  size_t index = 0;                     // in the list of its reason
};

// All services in the order in which to look at them, each once: those whose growth stands out,
// those with more errors, those in which visits end early, the others.
std::vector<Culprit> CulpritsOf(const Difference& difference);

}  // namespace clew::ledger
