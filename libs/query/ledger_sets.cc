// SPDX-License-Identifier: Apache-2.0
#include "query/ledger_sets.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "query/cancellation.h"
#include "query/trace_reader.h"

namespace clew::query {
namespace {

// What a span takes while its ledger is made, near enough.
constexpr uint64_t kBytesOfSpan = 400;
// Where all columns of a row group are read.
constexpr size_t kWholeGroups = 2;

}  // namespace

base::Status VisitLedgers(const LedgerSources& from, std::span<const TraceSummary> traces,
                          ledger::Names& names, const VisitLedger& visit) {
  LedgerTraceReader ledgers(names, from.group);  // before what remembers its expressions
  const TimeRange all;
  Regexes regexes;
  TraceReader reader(from.sources, all, regexes, from.cancelled, from.left_out, from.groups);
  Cancellation cancellation(from.cancelled);
  uint64_t largest = 0;
  for (const TraceSummary& trace : traces) {
    std::optional<TraceReader::Trace> found = TRY(reader.Read(trace.trace_id));
    if (!found || found->view.size() == 0) continue;
    const uint64_t bytes = kBytesOfSpan * found->view.size();
    if (bytes > largest) {
      TRY(MemoryBudget::Charge(from.memory, bytes - largest,
                               "a trace has too many spans for a ledger"));
      largest = bytes;
    }
    const LedgerTrace read = TRY(ledgers.Read(found->view, found->fields, cancellation));
    const ledger::TraceLedger ledger = ledger::BuildLedger(read.trace, from.options);
    TRY(visit({trace.trace_id, *found, read, ledger}));
  }
  return {};
}

base::Status AddLedgers(const LedgerSources& from, std::span<const TraceSummary> traces,
                        ledger::Names& names, TraceAttributeReader* attributes, ReadSet& set) {
  // Looked at once for all traces.
  Cancellation cancellation(from.cancelled);
  const auto add = [&](const VisitedTrace& trace) -> base::Status {
    const auto& [trace_id, found, read, ledger] = trace;
    set.ledgers.Add(read.trace, ledger, static_cast<uint64_t>(read.start_unix_nano));
    set.rows.Add(read.trace, ledger);
    if (set.paths) set.paths->Add(read.trace, ledger);
    const uint64_t nanos = ledger.accounts.front().nanos();
    set.traces.push_back({trace_id, read.start_unix_nano, nanos});
    if (attributes == nullptr) return {};
    return attributes->Read(found.view, found.fields, nanos, cancellation, set.attributes);
  };
  LedgerSources sources = from;
  if (attributes != nullptr) sources.groups = kWholeGroups;
  return VisitLedgers(sources, traces, names, add);
}

}  // namespace clew::query
