// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "ledger/ledger.h"
#include "ledger/rows.h"
#include "ledger/verdict.h"
#include "model/ids.h"
#include "query/ledger_trace.h"
#include "serve/ledger_parameters.h"
#include "serve/usual_of_trace.h"

namespace clew::serve {

// What an answer is made of. Borrows all of it.
struct LedgerAnswer {
  const model::TraceId& trace_id;
  const query::LedgerTrace& trace;
  const ledger::Names& names;
  const ledger::TraceLedger& ledger;
  const ledger::Rows& rows;
  const ledger::Verdict& verdict;
  const LedgerParameters& parameters;
  const UsualOfTrace& usual;
};

// "plain", "row", ….
std::string_view NameOf(ledger::Phrase::Kind kind);

// The answer as JSON: durations and offsets from the account's start are numbers of nanoseconds,
// moments are texts of them, shares whole per cent.
std::string LedgerJson(const LedgerAnswer& answer);

}  // namespace clew::serve
