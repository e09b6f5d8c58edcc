// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/compare/difference.h"
#include "ledger/compare/ledger_set.h"
#include "ledger/ledger.h"
#include "ledger/trace.h"

namespace clew::ledger {

// The ledgers of many traces: what somebody waited for, which is the time of their roots, and
// apart from it what nobody did: consumers, and how long their messages waited for them. A value;
// one thread at a time.
struct TraceSet {
  LedgerSet requests, detached;

  // `started_ns`: see Summarise.
  void Add(const Trace& trace, const TraceLedger& ledger, uint64_t started_ns);
};

// What `set` has more of than `usual`: of what somebody waited for, and when nothing of that stands
// out, of the rest, if something of it does (Difference::detached).
Difference Compare(TraceSet set, TraceSet usual);

}  // namespace clew::ledger
