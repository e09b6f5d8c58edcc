// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <stop_token>

#include "base/result.h"
#include "ledger/compare/trace_set.h"
#include "ledger/ledger.h"
#include "query/ledger_trace.h"
#include "query/left_out.h"
#include "query/memory_budget.h"
#include "query/search.h"
#include "store/sources.h"

namespace clew::query {

// What ledgers are read from, and within which limits.
struct LedgerSources {
  const store::Sources& sources;
  std::stop_token cancelled{};
  LeftOut* left_out = nullptr;
  MemoryBudget* memory = nullptr;
};

// Shows the ledgers of these traces to `visit`; only one of them is in memory at a time. Traces
// that are gone by now are passed over. kCancelled; kExhausted for a trace that is over the budget.
using VisitLedger = std::function<void(const LedgerTrace&, const ledger::TraceLedger&)>;
base::Status VisitLedgers(const LedgerSources& from, std::span<const TraceSummary> traces,
                          ledger::Names& names, const ledger::LedgerOptions& options,
                          const VisitLedger& visit);

// Adds them to `set`.
base::Status AddLedgers(const LedgerSources& from, std::span<const TraceSummary> traces,
                        ledger::Names& names, ledger::TraceSet& set);

}  // namespace clew::query
