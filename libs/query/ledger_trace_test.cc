// SPDX-License-Identifier: Apache-2.0
#include "query/ledger_trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "query/ledger_trace_fixture.h"
#include "query/test_spans.h"
#include "query/trace_reader.h"
#include "store/memtable.h"
#include "traceql/parser.h"

namespace clew::query {
namespace {

using model::SpanKind;
using model::ValueView;

// A trace as it is read from one memtable.
class LedgerTraceTest : public testing::Test {
 protected:
  LedgerTrace Read(const std::string& group = {}) {
    std::optional<traceql::FieldExpr> field;
    if (!group.empty()) field = std::move(traceql::ParseField(group)).value();
    LedgerTraceReader reader(names_, field ? &*field : nullptr);
    return ReadFirst(memtable_, reader);
  }

  // A client span with some attributes.
  void AddClient(const std::vector<std::pair<std::string, std::string>>& attributes) {
    Announce({.kind = SpanKind::kClient}, memtable_);
    for (const auto& [key, value] : attributes) {
      memtable_.OnAttribute(key, ValueView::String(value));
    }
    Publish();
  }
  void Publish() { memtable_.Publish(memtable_.FinishBody()); }
  const std::string& PeerOfFirst() { return names_.text(Read().trace.spans[0].peer); }

  store::Memtable memtable_;
  ledger::Names names_;
};

TEST_F(LedgerTraceTest, HasTimesParentsAndNames) {
  Fill(memtable_,
       {{.span = 1, .start = 100, .end = 200, .service = "shop", .name = "GET"},
        {.span = 2, .parent = 1, .start = 120, .end = 110, .service = "pay", .error = true}});
  const LedgerTrace read = Read();
  ASSERT_EQ(read.trace.spans.size(), 2u);
  EXPECT_EQ(read.start_unix_nano, 100);
  EXPECT_EQ(read.span_ids[1], SpanOf(2));
  const ledger::Span& root = read.trace.spans[0];
  const ledger::Span& child = read.trace.spans[1];
  EXPECT_EQ(root.start_ns, 0u);
  EXPECT_EQ(root.end_ns, 100u);
  EXPECT_EQ(root.parent, ledger::kNone);
  EXPECT_EQ(names_.text(root.service), "shop");
  EXPECT_EQ(names_.text(root.operation), "GET");
  EXPECT_FALSE(root.error);
  EXPECT_EQ(child.parent, 0u);
  EXPECT_EQ(child.end_ns, child.start_ns);  // it ends before it starts
  EXPECT_TRUE(child.error);
}

TEST_F(LedgerTraceTest, TellsMissingParentsFromCirclesAndNone) {
  Fill(memtable_, {{.span = 1, .start = 100},
                   {.span = 2, .parent = 9, .start = 101},
                   {.span = 3, .parent = 9, .start = 102},
                   {.span = 4, .parent = 8, .start = 103},
                   {.span = 5, .parent = 6, .start = 104},
                   {.span = 6, .parent = 5, .start = 105}});
  const std::vector<ledger::Span> spans = Read().trace.spans;
  EXPECT_EQ(spans[0].missing_parent, ledger::kNone);
  EXPECT_NE(spans[1].missing_parent, ledger::kNone);
  EXPECT_EQ(spans[1].missing_parent, spans[2].missing_parent);
  EXPECT_NE(spans[3].missing_parent, spans[1].missing_parent);
  EXPECT_EQ(spans[4].missing_parent, ledger::kNone);
  EXPECT_EQ(spans[4].parent, 4u);  // below itself: a circle was cut there
  EXPECT_EQ(spans[5].parent, 4u);
}

TEST_F(LedgerTraceTest, ReadsCopiesOnceAndSharedIdsTwice) {
  Fill(memtable_, {{.span = 1, .start = 100, .kind = SpanKind::kClient},
                   {.span = 1, .start = 100, .kind = SpanKind::kClient},
                   {.span = 1, .start = 110, .kind = SpanKind::kServer},
                   {.span = 2, .parent = 1, .start = 120}});
  const std::vector<ledger::Span> spans = Read().trace.spans;
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_EQ(spans[1].parent, 0u);  // the server is below its client
  EXPECT_EQ(spans[2].parent, 1u);
}

TEST_F(LedgerTraceTest, NamesWhatAClientCalls) {
  AddClient({{"server.address", "10.0.0.7"}, {"db.system", "postgresql"}});
  EXPECT_EQ(PeerOfFirst(), "postgresql");
}

TEST_F(LedgerTraceTest, PrefersWhatTellsOneDatabaseFromAnother) {
  AddClient({{"db.system", "postgresql"}, {"server.address", "accounts-db"}});
  EXPECT_EQ(PeerOfFirst(), "accounts-db");
}

// Redis has numbers for them.
TEST_F(LedgerTraceTest, TheNumberOfADatabaseSaysLessThanItsKind) {
  AddClient({{"db.namespace", "0"}, {"db.system.name", "redis"}});
  EXPECT_EQ(PeerOfFirst(), "redis");
}

TEST_F(LedgerTraceTest, TheNumberOfADatabaseIsBetterThanNothing) {
  AddClient({{"db.namespace", "15"}});
  EXPECT_EQ(PeerOfFirst(), "15");
}

TEST_F(LedgerTraceTest, AnAddressIsBetterThanNothing) {
  AddClient({{"server.address", "fe80::1"}});
  EXPECT_EQ(PeerOfFirst(), "fe80::1");
}

TEST_F(LedgerTraceTest, PrefersTheServiceThatAClientNames) {
  AddClient({{"db.system", "postgresql"}, {"peer.service", "ledger-db"}});
  EXPECT_EQ(PeerOfFirst(), "ledger-db");
}

TEST_F(LedgerTraceTest, GroupsByAField) {
  Fill(memtable_,
       {{.span = 1, .start = 100, .tag = "blue"}, {.span = 2, .parent = 1, .start = 101}});
  const LedgerTrace by_tag = Read("span.tag");
  EXPECT_EQ(names_.text(by_tag.trace.spans[0].group), "blue");
  EXPECT_EQ(by_tag.trace.spans[1].group, ledger::Names::kEmpty);
  EXPECT_EQ(names_.text(Read("span.number").trace.spans[1].group), "2");
}

TEST_F(LedgerTraceTest, KnowsThatASpanOnlyFollowsItsParent) {
  Announce({.span = 1, .start = 100}, memtable_);
  for (const auto& [span, type] : {std::pair(2, "follows_from"), std::pair(3, "child_of")}) {
    Announce({.span = static_cast<uint8_t>(span), .parent = 1, .start = 100 + span}, memtable_);
    memtable_.OnLink({.trace_id = TraceOf(1), .span_id = SpanOf(1)});
    memtable_.OnAttribute("opentracing.ref_type", ValueView::String(type));
  }
  // One that follows another span than its parent.
  Announce({.span = 4, .parent = 1, .start = 104}, memtable_);
  memtable_.OnLink({.trace_id = TraceOf(1), .span_id = SpanOf(2)});
  memtable_.OnAttribute("opentracing.ref_type", ValueView::String("follows_from"));
  Publish();
  const std::vector<ledger::Span> spans = Read().trace.spans;
  EXPECT_FALSE(spans[0].follows);
  EXPECT_TRUE(spans[1].follows);
  EXPECT_FALSE(spans[2].follows);
  EXPECT_FALSE(spans[3].follows);
}

}  // namespace
}  // namespace clew::query
