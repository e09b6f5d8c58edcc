// SPDX-License-Identifier: Apache-2.0
#include "query/ledger_sets.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "ledger/calls.h"
#include "query/cancellation.h"
#include "query/trace_reader.h"

namespace clew::query {
namespace {

// What a span takes while its ledger is made, near enough.
constexpr uint64_t kBytesOfSpan = 400;
// Where all columns of a row group are read.
constexpr size_t kWholeGroups = 2;

// A trace or a call, of which `read` tells; the times of its spans count from the moment given.
void AddOne(const ReadTrace& read, int64_t times_from_unix_nano, const ledger::Trace& trace,
            const ledger::TraceLedger& ledger, ReadSet& set) {
  set.ledgers.Add(trace, ledger, static_cast<uint64_t>(times_from_unix_nano));
  set.rows.Add(trace, ledger);
  if (set.paths) set.paths->Add(trace, ledger);
  set.traces.push_back(read);
}

// The calls of a service in a trace, which may have very many.
base::Status AddCalls(const LedgerSources& from, const VisitedTrace& trace, uint32_t service,
                      Cancellation& cancellation, ReadSet& set) {
  const int64_t times_from = trace.read.start_unix_nano;
  const std::vector<ledger::Trace> calls = ledger::CallsOf(trace.read.trace, service);
  TRY(MemoryBudget::Charge(from.memory, calls.size() * sizeof(ReadTrace),
                           "the service is called too often for a ledger; read fewer traces"));
  for (const ledger::Trace& call : calls) {
    if (cancellation.CancelledAfterRow()) return QueryCancelled();
    const ledger::TraceLedger ledger = ledger::BuildLedger(call, from.options);
    const ledger::Account& account = ledger.accounts.front();
    const int64_t start = times_from + static_cast<int64_t>(account.start_ns);
    AddOne({trace.trace_id, start, account.nanos()}, times_from, call, ledger, set);
  }
  return {};
}

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
    const base::Result<LedgerTrace> read = ledgers.Read(found->view, found->fields, cancellation);
    if (!read.ok()) {
      // Of a column that is read only now.
      TRY(LeftOut::Note(read.error(), from.left_out));
      continue;
    }
    const ledger::TraceLedger ledger = ledger::BuildLedger(read.value().trace, from.options);
    TRY(visit({trace.trace_id, *found, read.value(), ledger}));
  }
  return {};
}

base::Status AddLedgers(const LedgerSources& from, std::span<const TraceSummary> traces,
                        ledger::Names& names, TraceAttributeReader* attributes, ReadSet& set) {
  // Looked at once for all traces.
  Cancellation cancellation(from.cancelled);
  const auto add = [&](const VisitedTrace& trace) -> base::Status {
    const auto& [trace_id, found, read, ledger] = trace;
    const size_t before = set.traces.size();
    if (from.service) {
      TRY(AddCalls(from, trace, names.CodeOf(*from.service), cancellation, set));
    } else {
      const uint64_t nanos = ledger.accounts.front().nanos();
      AddOne({trace_id, read.start_unix_nano, nanos}, read.start_unix_nano, read.trace, ledger,
             set);
    }
    if (attributes == nullptr || set.traces.size() == before) return {};
    uint64_t nanos = 0;
    for (size_t i = before; i < set.traces.size(); ++i) nanos += set.traces[i].nanos;
    return LeftOut::Note(
        attributes->Read(found.view, found.fields, nanos, cancellation, set.attributes),
        from.left_out);
  };
  LedgerSources sources = from;
  if (attributes != nullptr) sources.groups = kWholeGroups;
  return VisitLedgers(sources, traces, names, add);
}

}  // namespace clew::query
