// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <utility>

#include "query/cancellation.h"
#include "query/eval/regexes.h"
#include "query/ledger_trace.h"
#include "query/reference_fixture.h"
#include "query/test_spans.h"
#include "query/trace_reader.h"

namespace clew::query {

// The first trace of a memtable, which has it, as a ledger takes it.
inline LedgerTrace ReadFirst(const store::Memtable& memtable, LedgerTraceReader& reader) {
  const store::Sources sources = SourcesOf(memtable);
  const TimeRange all;
  Regexes regexes;
  TraceReader traces(sources, all, regexes, {}, nullptr);
  std::optional<TraceReader::Trace> found = std::move(traces.Read(TraceOf(1))).value();
  Cancellation cancellation({});
  return std::move(reader.Read(found->view, found->fields, cancellation)).value();
}

}  // namespace clew::query
