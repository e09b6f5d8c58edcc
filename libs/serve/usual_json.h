// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/names.h"
#include "ledger/rows.h"
#include "ledger/trace.h"
#include "ledger/verdict.h"
#include "serve/usual_of_trace.h"
#include "wire/json_writer.h"

// What is usual, in the JSON of a ledger.
namespace clew::serve {

// Whose usual is written.
struct UsualContext {
  const ledger::Trace& trace;
  const ledger::Names& names;
  ledger::GroupBy by;
};

// The usual trace, its rows that the trace lacks, and how long spans take that are like those of
// the trace; null where it is not known.
void WriteUsual(const UsualOfTrace& usual, const UsualContext& context, wire::JsonWriter& json);
// Of one row of the trace.
void WriteUsualRow(const ledger::Usual::OfRow& row, wire::JsonWriter& json);

}  // namespace clew::serve
