// SPDX-License-Identifier: Apache-2.0
// Any bytes are a trace: each ten are a span. Whatever it is, every account adds up, and so do
// rows, with and without the correction of clocks.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "ledger/rows.h"
#include "ledger/verdict.h"

namespace clew::ledger {
namespace {

constexpr size_t kBytesOfSpan = 10;

uint64_t Pair(const uint8_t* bytes) {
  return uint64_t{bytes[0]} << 8 | bytes[1];
}

Span SpanOf(const uint8_t* bytes) {
  Span span{.start_ns = Pair(bytes), .end_ns = Pair(bytes + 2)};
  if (bytes[8] % 8 == 0) span.missing_parent = bytes[4];
  if (bytes[8] % 8 > 1) span.parent = static_cast<uint32_t>(Pair(bytes + 4));
  span.service = bytes[6] % 4;
  span.operation = bytes[6] / 64;
  span.peer = bytes[7] % 4;
  span.kind = static_cast<model::SpanKind>(bytes[8] / 8 % 6);
  span.error = bytes[9] % 2 == 1;
  span.follows = bytes[9] / 2 % 8 == 1;
  // The far ends of time.
  if (bytes[9] >= 250) span.end_ns += UINT64_MAX / 2;
  return span;
}

void CheckSums(const Trace& trace, const Names& names, bool correct_skew) {
  const TraceLedger ledger = BuildLedger(trace, {.correct_skew = correct_skew});
  for (const Account& account : ledger.accounts) {
    uint64_t at = account.start_ns;
    for (const Segment& segment : ledger.SegmentsOf(account)) {
      CHECK(segment.start_ns == at && segment.end_ns > at);
      at = segment.end_ns;
    }
    CHECK(at == account.end_ns);
    const Rows rows = RowsOf(trace, ledger, account, GroupBy::kOperation);
    CHECK(rows.nanos == account.nanos());
    for (const Row& row : rows.rows) CHECK(row.drag_nanos <= row.nanos);
  }
  if (ledger.accounts.empty()) return;
  const Rows rows = RowsOf(trace, ledger, ledger.accounts.front(), GroupBy::kService);
  const Verdict verdict = VerdictOf({.trace = trace,
                                     .names = names,
                                     .ledger = ledger,
                                     .rows = rows,
                                     .by = GroupBy::kService,
                                     .skew_corrected = correct_skew});
  CHECK(!verdict.Text().empty());
}

}  // namespace
}  // namespace clew::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  clew::ledger::Trace trace;
  for (size_t at = 0; at + clew::ledger::kBytesOfSpan <= size; at += clew::ledger::kBytesOfSpan) {
    trace.spans.push_back(clew::ledger::SpanOf(bytes + at));
  }
  clew::ledger::Names names;
  for (const char* name : {"a", "b", "c", "d"}) names.CodeOf(name);
  clew::ledger::CheckSums(trace, names, false);
  clew::ledger::CheckSums(trace, names, true);
  return 0;
}
