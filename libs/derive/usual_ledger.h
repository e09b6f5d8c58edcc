// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "derive/usual_times.h"
#include "ledger/names.h"
#include "ledger/rows.h"
#include "ledger/verdict.h"

namespace clew::derive {

// Of fewer traces nothing is said; of so many it is enough to look no further.
inline constexpr uint64_t kLeastUsualTraces = 10;
inline constexpr uint64_t kEnoughUsualTraces = 200;

// A trace whose rows are compared with what is usual.
struct ComparedTrace {
  const ledger::Rows& rows;
  ledger::GroupBy by = ledger::GroupBy::kOperation;
};

// What `times` say of the rows of a trace; its names are also those of rows that it does not have.
// The usual trace takes the median. Its rows share that by their means, for means add up and
// medians do not, but what is above a row's 90th percentile counts as that: a fault that began
// before the trace did not become usual by it. A row is within its usual range unless it is slower
// than 95 % of the traces, and by 5 % of the usual trace and 50 µs at least.
// Of rows by an attribute only the whole is known. REQUIRES: times.traces() > 0
ledger::Usual UsualOf(const OperationTimes& times, const ComparedTrace& trace,
                      ledger::Names& names);

// How many in 1000 of the times are smaller.
uint32_t SlowerThan(const ledger::TimeSketch& times, uint64_t nanos);

}  // namespace clew::derive
