// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/trace_set.h"

#include <utility>

#include "ledger/compare/trace_summary.h"

namespace clew::ledger {

void TraceSet::Add(const Trace& trace, const TraceLedger& ledger, uint64_t started_ns) {
  requests.Add(Summarise(trace, ledger, started_ns));
  for (const TraceSummary& summary : SummariseDetached(trace, ledger, started_ns)) {
    detached.Add(summary);
  }
}

Difference Compare(TraceSet set, TraceSet usual) {
  Difference difference = Compare(std::move(set.requests), std::move(usual.requests));
  if (!difference.nothing_stands_out()) return difference;
  Difference behind = Compare(std::move(set.detached), std::move(usual.detached));
  if (behind.nothing_stands_out()) return difference;
  behind.detached = true;
  return behind;
}

}  // namespace clew::ledger
