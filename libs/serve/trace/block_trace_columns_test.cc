// SPDX-License-Identifier: Apache-2.0
// What is read column by column is what is put together span by span, to the byte.
#include "serve/trace/block_trace_columns.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "query/layouts_fixture.h"
#include "query/random_traces_fixture.h"
#include "query/reference_fixture.h"
#include "query/trace_lookup.h"
#include "serve/trace/trace_columns.h"

namespace clew::serve {
namespace {

using model::ValueView;
using query::Layouts;

std::string Whole(const store::Sources& sources, const model::TraceId& id) {
  const auto found = query::FindTraceShape(sources, id, TraceColumnKeys()).value();
  return TraceColumns(found, TreeOf(found));
}

std::optional<std::string> InOneBlock(const store::Sources& sources, const model::TraceId& id) {
  const auto run = query::FindInOneBlock(sources, id);
  if (!run) return std::nullopt;
  return BlockTraceColumns(*run->block, run->rows, {}).value();
}

struct Counts {
  size_t traces = 0, read = 0;
};

Counts Compare(const std::vector<reference::Trace>& traces, size_t column_limit) {
  Layouts layouts(20, {column_limit});
  const auto memtable = Layouts::Fill(query::PartsOf(traces), column_limit);
  const store::Sources sources{.memtables = {}, .blocks = {layouts.Flush(*memtable)}};
  Counts counts;
  for (const reference::Trace& trace : traces) {
    ++counts.traces;
    const auto columns = InOneBlock(sources, trace.trace_id);
    if (!columns) continue;
    ++counts.read;
    EXPECT_TRUE(*columns == Whole(sources, trace.trace_id)) << trace.trace_id.ToHex();
  }
  return counts;
}

TEST(BlockTraceColumns, AreThoseOfTheTracePutTogether) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const auto traces = query::RandomTraces(seed, 12);
    const Counts counts = Compare(traces, store::AttributeColumns::kMaxAttributeColumns);
    EXPECT_EQ(counts.traces, 12u);
    EXPECT_GT(counts.read, 4u) << seed;
    Compare(traces, 2);  // most attributes are in `others`
  }
}

class BlockTraceColumnsOf : public testing::Test {
 protected:
  BlockTraceColumnsOf() { id_.bytes[15] = 1; }

  // A span of a client; attributes, events and links follow.
  void Span(model::SpanSink& sink, uint8_t number, uint8_t parent) const {
    model::SpanId span, of_parent;
    span.bytes[7] = number;
    of_parent.bytes[7] = parent;
    sink.OnSpan({.trace_id = id_,
                 .span_id = span,
                 .parent_span_id = of_parent,
                 .name = number % 2 == 0 ? "even" : "odd",
                 .kind = model::SpanKind::kClient,
                 .start_unix_nano = 100 + number,
                 .end_unix_nano = number == 4 ? 50 : 200,
                 .status_code = model::StatusCode::kError,
                 .status_message = "timeout"});
  }
  store::Sources Sources(const std::vector<Layouts::Part>& parts, size_t column_limit = 512) {
    return {.memtables = {}, .blocks = {layouts_.Flush(*Layouts::Fill(parts, column_limit))}};
  }

  model::TraceId id_;
  Layouts layouts_{2};  // rows of a group
};

TEST_F(BlockTraceColumnsOf, TellPeersMissingParentsEventsAndLinks) {
  const auto sources = Sources({[&](model::SpanSink& sink) {
    sink.OnResource({});
    sink.OnAttribute("service.name", ValueView::String("shop"));
    sink.OnScope({});
    Span(sink, 1, 0);
    sink.OnAttribute("server.address", ValueView::String("10.0.0.1"));
    sink.OnAttribute("db.system", ValueView::String("redis"));
    Span(sink, 2, 1);
    sink.OnAttribute("server.address", ValueView::String("10.0.0.2"));
    sink.OnEvent({.time_unix_nano = 90, .name = "retry"});
    sink.OnEvent({.time_unix_nano = 160, .name = ""});
    Span(sink, 3, 9);
    sink.OnAttribute("peer.service", ValueView::String("pay"));
    sink.OnLink({.trace_id = id_, .span_id = {}});
    Span(sink, 4, 1);
    sink.OnAttribute("peer.service", ValueView::Int(7));
  }});
  const auto columns = InOneBlock(sources, id_);
  ASSERT_TRUE(columns);
  EXPECT_TRUE(*columns == Whole(sources, id_));
  for (const char* text : {"shop", "redis", "10.0.0.2", "retry", "pay", "timeout"})
    EXPECT_NE(columns->find(text), std::string::npos) << text;
}

TEST_F(BlockTraceColumnsOf, AreNoneWhereSpansHaveToBeCompared) {
  const auto twice = Sources({[&](model::SpanSink& sink) {
    sink.OnResource({});
    sink.OnScope({});
    Span(sink, 1, 0);
    Span(sink, 2, 1);
    Span(sink, 2, 1);
  }});
  EXPECT_TRUE(query::FindInOneBlock(twice, id_));
  EXPECT_FALSE(InOneBlock(twice, id_));
}

TEST_F(BlockTraceColumnsOf, AreNoneWhereANameHasNoColumn) {
  const auto capped = Sources({[&](model::SpanSink& sink) {
                                sink.OnResource({});
                                sink.OnScope({});
                                Span(sink, 1, 0);
                                sink.OnAttribute("a", ValueView::String("1"));
                                sink.OnAttribute("peer.service", ValueView::String("pay"));
                              }},
                              1);
  EXPECT_FALSE(InOneBlock(capped, id_));
  EXPECT_NE(Whole(capped, id_).find("pay"), std::string::npos);
}

TEST_F(BlockTraceColumnsOf, AreNoneOfATraceInTwoPlaces) {
  const Layouts::Part part = [&](model::SpanSink& sink) {
    sink.OnResource({});
    sink.OnScope({});
    Span(sink, 1, 0);
  };
  store::Sources sources = Sources({part});
  EXPECT_TRUE(query::FindInOneBlock(sources, id_));
  sources.memtables.push_back(Layouts::Fill({part}));
  EXPECT_FALSE(query::FindInOneBlock(sources, id_));
}

TEST_F(BlockTraceColumnsOf, EndWithAQueryThatIsCancelled) {
  const auto sources = Sources({[&](model::SpanSink& sink) {
    sink.OnResource({});
    sink.OnScope({});
    Span(sink, 1, 0);
  }});
  const auto run = query::FindInOneBlock(sources, id_);
  ASSERT_TRUE(run);
  std::stop_source cancelled;
  cancelled.request_stop();
  const auto columns = BlockTraceColumns(*run->block, run->rows, cancelled.get_token());
  ASSERT_FALSE(columns.ok());
  EXPECT_EQ(columns.error().code, base::ErrorCode::kCancelled);
}

}  // namespace
}  // namespace clew::serve
