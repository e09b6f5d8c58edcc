// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "derive/usual_times.h"
#include "ledger/ledger.h"
#include "ledger/rows.h"
#include "ledger/verdict.h"
#include "model/ids.h"
#include "query/ledger_trace.h"
#include "query/usual.h"
#include "serve/ledger_parameters.h"
#include "serve/queries.h"

namespace clew::serve {

// What is usual for a trace, and from where that is known.
struct UsualOfTrace {
  query::FoundUsual found;
  std::optional<ledger::Usual> usual{};  // nullopt: of too few traces
  std::string note{};                    // why not, as a sentence; empty: there is nothing to say
};

// The trace and its ledger as they were made.
struct TraceInHand {
  const model::TraceId& id;
  const query::LedgerTrace& trace;
  const ledger::TraceLedger& ledger;
  const ledger::Rows& rows;
  const LedgerParameters& parameters;
};

// `names` of the trace; those of rows it lacks are added. Nothing for a trace without its root.
base::Result<UsualOfTrace> FindUsualOf(const TraceInHand& trace, const ApiRequest& request,
                                       QueryRun& run, ledger::Names& names);

}  // namespace clew::serve
