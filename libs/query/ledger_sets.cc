// SPDX-License-Identifier: Apache-2.0
#include "query/ledger_sets.h"

#include <algorithm>
#include <optional>

#include "query/cancellation.h"
#include "query/trace_reader.h"

namespace clew::query {
namespace {

// What a span takes while its ledger is made, near enough.
constexpr uint64_t kBytesOfSpan = 400;

}  // namespace

base::Status VisitLedgers(const LedgerSources& from, std::span<const TraceSummary> traces,
                          ledger::Names& names, const ledger::LedgerOptions& options,
                          const VisitLedger& visit) {
  LedgerTraceReader ledgers(names, std::nullopt);  // before what remembers its expressions
  const TimeRange all;
  Regexes regexes;
  TraceReader reader(from.sources, all, regexes, from.cancelled, from.left_out);
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
    visit(read, ledger::BuildLedger(read.trace, options));
  }
  return {};
}

base::Status AddLedgers(const LedgerSources& from, std::span<const TraceSummary> traces,
                        ledger::Names& names, ledger::TraceSet& set) {
  return VisitLedgers(from, traces, names, {},
                      [&](const LedgerTrace& trace, const ledger::TraceLedger& ledger) {
                        set.Add(trace.trace, ledger, static_cast<uint64_t>(trace.start_unix_nano));
                      });
}

}  // namespace clew::query
