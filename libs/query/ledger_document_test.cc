// SPDX-License-Identifier: Apache-2.0
// Holds docs/ledger.md to what comes of its drawings when they are spans in a store: there ids say
// who is below whom, and attributes who is called.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "ledger/document_fixture.h"
#include "query/drawn_spans_fixture.h"
#include "query/ledger_trace.h"
#include "query/ledger_trace_fixture.h"
#include "query/test_spans.h"
#include "query/trace_reader.h"
#include "store/memtable.h"
#include "traceql/parser.h"

namespace clew::query {
namespace {

constexpr int64_t kColumnZero = 1'767'268'800'000'000'000;

// What spans are grouped by; null: nothing that they have.
std::optional<traceql::FieldExpr> GroupOf(const ledger::Explaining& how) {
  for (const std::string& by : how.by) {
    if (by.find('.') != std::string::npos) return std::move(traceql::ParseField(by)).value();
  }
  return std::nullopt;
}

LedgerTrace ReadBack(const ledger::Drawing& drawing, const ledger::Explaining& how,
                     ledger::Names& names) {
  store::Memtable memtable;
  Announce(drawing, TraceOf(1), kColumnZero, memtable);
  memtable.Publish(memtable.FinishBody());
  const std::optional<traceql::FieldExpr> group = GroupOf(how);
  LedgerTraceReader reader(names, group ? &*group : nullptr);
  return ReadFirst(memtable, reader);
}

// That of the span in the drawing which has its id and kind, and starts when it does.
char LetterOf(const model::SpanId& id, const ledger::Span& span, const ledger::Drawing& drawing) {
  const std::vector<GivenIds> ids = IdsOf(drawing);
  for (size_t i = 0; i < ids.size(); ++i) {
    const ledger::Span& drawn = drawing.trace.spans[i];
    if (ids[i].id == id && drawn.kind == span.kind && drawn.start_ns == span.start_ns) {
      return drawing.letters[i];
    }
  }
  return '-';
}

// The drawing as its spans are read from a store.
void Store(const ledger::Drawing& drawing, const ledger::Explaining& how, ledger::Drawing& stored) {
  LedgerTrace read = ReadBack(drawing, how, stored.names);
  const auto moved = static_cast<uint64_t>(read.start_unix_nano - kColumnZero);
  for (size_t i = 0; i < read.trace.spans.size(); ++i) {
    ledger::Span& span = read.trace.spans[i];
    span.start_ns += moved;
    span.end_ns += moved;
    stored.letters += LetterOf(read.span_ids[i], span, drawing);
  }
  stored.trace = std::move(read.trace);
  stored.breaks = drawing.breaks;
}

TEST(LedgerDocument, ShowsWhatComesOfItsDrawingsInAStore) {
  const std::vector<ledger::PageExample> examples = ledger::ExamplesOf("ledger.md", "ledger");
  for (const ledger::PageExample& example : examples) {
    ledger::Drawing drawing, stored;
    ledger::ReadDrawing(example.drawn, drawing);
    const ledger::Explaining how = ledger::AskedBy(example);
    Store(drawing, how, stored);
    EXPECT_EQ(example.told, ledger::Explained(stored, example.drawn.find('|'), how))
        << example.drawn;
  }
  EXPECT_GE(std::ranges::count_if(
                examples, [](const ledger::PageExample& each) { return each.Asks(" stored"); }),
            4);
}

}  // namespace
}  // namespace clew::query
