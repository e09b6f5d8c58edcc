// SPDX-License-Identifier: Apache-2.0
// What does the ledger of a trace of a million spans take, with its rows and verdict? Of calls as a
// service makes them, of one call after the other below one span, and of a chain as deep as it
// gets. Prints a name and milliseconds a line, the median of five.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>

#include "ledger/rows.h"
#include "ledger/verdict.h"

namespace clew::ledger {
namespace {

using model::SpanKind;

constexpr uint32_t kSpans = 1'000'000;
constexpr uint32_t kNames = 200;

// Client and server spans in turn, eight calls each, some of them in parallel.
Trace Calls() {
  std::mt19937_64 random(1);
  Trace trace;
  trace.spans.push_back({.start_ns = 0, .end_ns = uint64_t{1} << 40, .kind = SpanKind::kServer});
  for (uint32_t i = 1; i < kSpans; ++i) {
    const Span& parent = trace.spans[(i - 1) / 8];
    const bool is_client = parent.kind == SpanKind::kServer;
    const uint64_t slot = (parent.end_ns - parent.start_ns) / 9;
    Span span{.start_ns = parent.start_ns + (i - 1) % 8 * slot + random() % (slot + 1),
              .parent = (i - 1) / 8,
              .service = is_client ? parent.service : 1 + static_cast<uint32_t>(random() % 50),
              .operation = 1 + static_cast<uint32_t>(random() % kNames),
              .kind = is_client ? SpanKind::kClient : SpanKind::kServer};
    span.end_ns = std::min(parent.end_ns, span.start_ns + random() % (2 * slot + 1));
    trace.spans.push_back(span);
  }
  return trace;
}

Trace Sequence() {
  Trace trace;
  trace.spans.push_back({.start_ns = 0, .end_ns = uint64_t{kSpans} * 10});
  for (uint32_t i = 1; i < kSpans; ++i) {
    trace.spans.push_back({.start_ns = uint64_t{i} * 10,
                           .end_ns = uint64_t{i} * 10 + 9,
                           .parent = 0,
                           .operation = 1 + i % kNames});
  }
  return trace;
}

Trace Chain() {
  Trace trace;
  for (uint32_t i = 0; i < kSpans; ++i) {
    trace.spans.push_back({.start_ns = i,
                           .end_ns = 4 * uint64_t{kSpans} - i,
                           .parent = i == 0 ? kNone : i - 1,
                           .operation = 1 + i % kNames});
  }
  return trace;
}

double MillisecondsOf(const Trace& trace, const Names& names) {
  const auto begin = std::chrono::steady_clock::now();
  const TraceLedger ledger = BuildLedger(trace);
  const Rows rows = RowsOf(trace, ledger, ledger.accounts.front(), GroupBy::kOperation);
  const Verdict verdict =
      VerdictOf({.trace = trace, .names = names, .ledger = ledger, .rows = rows});
  const auto end = std::chrono::steady_clock::now();
  if (verdict.Text().empty() || rows.nanos != ledger.accounts.front().nanos()) return -1;
  return std::chrono::duration<double, std::milli>(end - begin).count();
}

void Measure(const char* name, const Trace& trace, const Names& names) {
  std::array<double, 5> runs{};
  for (double& run : runs) run = MillisecondsOf(trace, names);
  std::ranges::sort(runs);
  std::printf("%s %.3f\n", name, runs[runs.size() / 2]);
}

void MeasureAll() {
  Names names;
  for (uint32_t i = 1; i <= kNames; ++i) names.CodeOf("n" + std::to_string(i));
  Measure("calls_ms", Calls(), names);
  Measure("sequence_ms", Sequence(), names);
  Measure("chain_ms", Chain(), names);
}

}  // namespace
}  // namespace clew::ledger

int main() {
  clew::ledger::MeasureAll();
}
