// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/culprits.h"

#include <set>

namespace clew::ledger {

std::vector<Culprit> CulpritsOf(const Difference& difference) {
  std::vector<Culprit> culprits;
  std::set<uint32_t> named;
  const auto name = [&](const Culprit& culprit) {
    if (named.insert(culprit.service).second) culprits.push_back(culprit);
  };
  const auto name_suspects = [&](bool stands_out) {
    for (size_t i = 0; i < difference.suspects.size(); ++i) {
      const Suspect& suspect = difference.suspects[i];
      if (suspect.stands_out != stands_out) continue;
      name({.service = suspect.service,
            .category = suspect.parts.front().part.category,
            .index = i});
    }
  };
  name_suspects(true);
  for (size_t i = 0; i < difference.errors.size(); ++i) {
    name({.service = difference.errors[i].entry.service,
          .reason = Culprit::Reason::kErrors,
          .index = i});
  }
  for (size_t i = 0; i < difference.lost_steps.size(); ++i) {
    const LostStep& lost = difference.lost_steps[i];
    const bool elsewhere = lost.stops_after != Operation{};
    name({.service = elsewhere ? lost.stops_after.service : lost.entry.service,
          .reason = Culprit::Reason::kLostStep,
          .index = i});
  }
  name_suspects(false);
  return culprits;
}

}  // namespace clew::ledger
