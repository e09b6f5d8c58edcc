// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/grouped_rows.h"

#include "ledger/compare/trace_summary.h"

namespace clew::ledger {

void GroupedRows::Add(const Trace& trace, const TraceLedger& ledger) {
  if (ledger.accounts.empty()) return;
  for (const auto& [owner, nanos] : OwnerTimesOf(trace, ledger, ledger.accounts.front(), by_)) {
    const bool full = rows_.size() >= kMaxRows && !rows_.contains(owner);
    rows_[full ? Owner{} : owner].Add(nanos);
  }
}

}  // namespace clew::ledger
