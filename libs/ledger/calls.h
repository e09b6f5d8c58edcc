// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/trace.h"

namespace clew::ledger {

// The calls of a service in a trace: each is a span of it that is below none of its spans, as the
// root of a trace of its own with all that is below it, in the order of the trace. What it calls
// may call it again: that is of the same call. Takes O(n).
std::vector<Trace> CallsOf(const Trace& trace, uint32_t service);

}  // namespace clew::ledger
