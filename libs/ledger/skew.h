// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/forest.h"
#include "ledger/trace.h"

namespace clew::ledger {

// The times of the spans; one that ends before it starts has no length.
std::vector<Interval> TimesOf(const Trace& trace);

// The server spans whose clock is off from that of their client, ascending: the only server below
// it, at most 1 % longer, and sticks out of it by more than that.
std::vector<uint32_t> SkewedServers(const Trace& trace, const std::vector<uint32_t>& parents);

// Moves each of those, and all below it, into the middle of its client.
void CorrectSkew(const std::vector<uint32_t>& skewed, const std::vector<uint32_t>& parents,
                 std::vector<Interval>& times);

}  // namespace clew::ledger
