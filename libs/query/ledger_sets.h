// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/compare/call_paths.h"
#include "ledger/compare/grouped_rows.h"
#include "ledger/compare/trace_set.h"
#include "ledger/ledger.h"
#include "model/ids.h"
#include "query/ledger_trace.h"
#include "query/left_out.h"
#include "query/memory_budget.h"
#include "query/search.h"
#include "query/trace_attributes.h"
#include "query/trace_reader.h"
#include "store/sources.h"

namespace clew::query {

// What ledgers are read from, how they are made, and within which limits.
struct LedgerSources {
  const store::Sources& sources;
  std::stop_token cancelled{};
  LeftOut* left_out = nullptr;
  MemoryBudget* memory = nullptr;
  ledger::LedgerOptions options{};
  const traceql::FieldExpr* group = nullptr;  // of their spans
  // Of calls of this service (ledger::CallsOf) alone: a call counts as a trace does.
  std::optional<std::string> service{};
  size_t groups = TraceReader::kMaxGroups;  // row groups that are open at a time
};

// A trace while it is in hand.
struct VisitedTrace {
  const model::TraceId& trace_id;
  const TraceReader::Trace& found;
  const LedgerTrace& read;
  const ledger::TraceLedger& ledger;
};

// Shows the ledgers of these traces to `visit`; only one of them is in memory at a time. Traces
// that are gone by now are passed over. kCancelled; kExhausted for a trace that is over the budget;
// the errors of `visit`.
using VisitLedger = std::function<base::Status(const VisitedTrace&)>;
base::Status VisitLedgers(const LedgerSources& from, std::span<const TraceSummary> traces,
                          ledger::Names& names, const VisitLedger& visit);

// A trace, or a call, whose ledger was made.
struct ReadTrace {
  model::TraceId trace_id;
  int64_t start_unix_nano = 0;
  uint64_t nanos = 0;  // of its root
};

// What is known of a set of traces.
struct ReadSet {
  ledger::TraceSet ledgers{};
  // Of the requests, by owner, and where it is there also by call path.
  ledger::GroupedRows rows{ledger::GroupBy::kOperation};
  std::optional<ledger::CallPaths> paths{};
  std::vector<ReadTrace> traces{};  // in the order they were given in
  SetAttributes attributes{};       // where they are read
};

// Adds these traces to `set`, and what their spans have if there is who reads it.
base::Status AddLedgers(const LedgerSources& from, std::span<const TraceSummary> traces,
                        ledger::Names& names, TraceAttributeReader* attributes, ReadSet& set);

}  // namespace clew::query
