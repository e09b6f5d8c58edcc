// SPDX-License-Identifier: Apache-2.0
#include "serve/ledger_api.h"

#include <optional>
#include <utility>

#include "ledger/verdict.h"
#include "query/cancellation.h"
#include "query/ledger_trace.h"
#include "query/trace_reader.h"
#include "serve/ledger_json.h"
#include "serve/ledger_parameters.h"
#include "serve/trace_parameters.h"
#include "serve/usual_of_trace.h"

namespace clew::serve {
namespace {

// What a span takes while its ledger is made, near enough.
constexpr uint64_t kBytesOfSpan = 400;

// Sources that are read for one trace. Its parts refer to each other.
struct Lookup {
  query::TimeRange all{};
  query::Regexes regexes{};
  query::TraceReader reader;

  Lookup(const ApiRequest& request, QueryRun& run)
      : reader(run.sources, all, regexes, request.cancelled, &run.notes) {}
};

}  // namespace

base::Result<ApiReply> LedgerOfTrace(const ApiRequest& request, QueryRun& run) {
  const LedgerParameters parameters = TRY(ParseLedgerParameters(request));
  const model::TraceId id = TRY(ParseTraceId(request));
  Lookup lookup(request, run);
  std::optional<query::TraceReader::Trace> found = TRY(lookup.reader.Read(id));
  if (!found || found->view.size() == 0) {
    // A block that cannot be read may have it, so nobody may say that there is none.
    if (run.notes.empty()) return TextReply(404, "");
    return base::Error{base::ErrorCode::kCorruption, run.notes.reasons().front()};
  }
  run.results = found->view.size();
  TRY(query::MemoryBudget::Charge(&run.memory, kBytesOfSpan * found->view.size(),
                                  "the trace has too many spans for a ledger"));
  ledger::Names names;
  query::LedgerTraceReader reader(names, GroupOf(parameters));
  query::Cancellation cancellation(request.cancelled);
  const query::LedgerTrace trace = TRY(reader.Read(found->view, found->fields, cancellation));
  const ledger::TraceLedger result = ledger::BuildLedger(trace.trace, parameters.options);
  const ledger::Rows rows =
      ledger::RowsOf(trace.trace, result, result.accounts.front(), parameters.by);
  const UsualOfTrace usual = TRY(FindUsualOf(
      {.id = id, .trace = trace, .ledger = result, .rows = rows, .parameters = parameters}, request,
      run, names));
  const ledger::Verdict verdict =
      ledger::VerdictOf({.trace = trace.trace,
                         .names = names,
                         .ledger = result,
                         .rows = rows,
                         .by = parameters.by,
                         .usual = usual.usual ? &*usual.usual : nullptr,
                         .usual_note = usual.note,
                         .skew_corrected = parameters.options.correct_skew});
  return ApiReply{.body = LedgerJson({.trace_id = id,
                                      .trace = trace,
                                      .names = names,
                                      .ledger = result,
                                      .rows = rows,
                                      .verdict = verdict,
                                      .parameters = parameters,
                                      .usual = usual})};
}

}  // namespace clew::serve
