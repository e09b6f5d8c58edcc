// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/forest.h"
#include "ledger/trace.h"

namespace clew::ledger {

// The parents of the spans, each kNone or a span; circles are cut where they started first.
std::vector<uint32_t> ParentsOf(const Trace& trace);

// Parents that were not received, one for all spans that name the same.
struct MissingParent {
  std::vector<uint32_t> children;  // by start; not empty
};

// Which spans nobody waits for, and why.
struct Family {
  std::vector<uint32_t> parents;       // as ParentsOf
  std::vector<uint32_t> waiting;       // the parent, where that waits for the span; else kNone
  uint32_t root = kNone;               // kNone: it was not received, or there are no spans
  std::vector<uint32_t> detached;      // spans nobody waits for, ascending
  std::vector<MissingParent> missing;  // of all other spans without a parent, by the first of them
};
Family FamilyOf(const Trace& trace);

}  // namespace clew::ledger
