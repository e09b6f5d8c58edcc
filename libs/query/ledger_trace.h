// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "ledger/trace.h"
#include "model/ids.h"
#include "query/cancellation.h"
#include "query/eval/field_set.h"
#include "query/eval/trace_view.h"
#include "traceql/ast.h"

namespace clew::query {

// What the ledger asks of a trace, and what it does not ask.
struct LedgerTrace {
  ledger::Trace trace;
  std::vector<model::SpanId> span_ids;  // of its spans
  int64_t start_unix_nano = 0;          // from where its times count
};

// Reads traces for the ledger, wherever they lie. The peer of a span is the first it has of
// peer.service, the database or messaging system, and the address of the server. One thread.
class LedgerTraceReader {
 public:
  // Both outlive it. `group`: what spans are grouped by; null: they are not.
  LedgerTraceReader(ledger::Names& names, const traceql::FieldExpr* group);
  // Sources remember the expressions by their place.
  LedgerTraceReader(const LedgerTraceReader&) = delete;
  LedgerTraceReader& operator=(const LedgerTraceReader&) = delete;

  // `fields` are those of the trace's source. Exact copies of a span are read once. kCancelled.
  base::Result<LedgerTrace> Read(const TraceView& view, FieldSet& fields,
                                 Cancellation& cancellation);

 private:
  struct Fields;
  void ReadSpan(const SpanAt& at, const Fields& fields, ledger::Span& span);
  uint32_t PeerOf(const SpanAt& at, const Fields& fields);
  bool Follows(const SpanAt& at, const Fields& fields, const model::SpanId& parent) const;
  uint32_t CodeOf(const Value& value);

  ledger::Names& names_;
  const traceql::FieldExpr service_, operation_, status_, message_, link_type_, link_span_;
  std::vector<traceql::FieldExpr> peers_;  // the first that a span has counts
  const traceql::FieldExpr* const group_;
};

}  // namespace clew::query
