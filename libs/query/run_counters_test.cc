// SPDX-License-Identifier: Apache-2.0
#include "query/run_counters.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "query/layouts_fixture.h"
#include "query/metrics/metrics_query.h"
#include "query/run_notes.h"
#include "query/test_spans.h"
#include "query/traceql_search.h"
#include "traceql/parser.h"

namespace clew::query {
namespace {

// Traces [first, first + 20), each of two spans: a block of two row groups. The name of a span
// is that of the first ten or of the others.
std::shared_ptr<const store::Block> BlockOf(Layouts& layouts, uint8_t first) {
  std::vector<Layouts::Part> parts;
  for (uint8_t i = 0; i < 20; ++i) {
    for (uint8_t span = 1; span <= 2; ++span) {
      const TestSpan one{.trace = static_cast<uint8_t>(first + i),
                         .span = span,
                         .parent = static_cast<uint8_t>(span - 1),
                         .start = 100 * (first + i) + span,
                         .end = 100 * (first + i) + 50,
                         .name = i < 10 ? "early" : "late"};
      parts.push_back([one](model::SpanSink& sink) { Announce(one, sink); });
    }
  }
  return layouts.Flush(*Layouts::Fill(parts));
}

struct Fixture {
  Layouts layouts;
  store::Sources sources{.memtables = {Layouts::Fill({[](model::SpanSink& sink) {
                           Announce({.trace = 200, .start = 20'000, .name = "late"}, sink);
                         }})},
                         .blocks = {BlockOf(layouts, 0), BlockOf(layouts, 100)}};
};

RunCounters CountersOfSearch(const store::Sources& sources, const std::string& text,
                             const TimeRange& range, uint32_t limit = 1000) {
  const traceql::Query query = traceql::Parse(text).value();
  RunNotes notes;
  const TraceqlRequest request{
      .pipeline = std::get<traceql::SpansetPipeline>(query.root), .range = range, .limit = limit};
  EXPECT_TRUE(Search(sources, request, {}, &notes).ok());
  return notes.counters();
}

TEST(RunCounters, OfASearchSayWhatWasLookedAt) {
  const Fixture of;
  const RunCounters all = CountersOfSearch(of.sources, "{ name = `late` }", {});
  EXPECT_EQ(all.memtables, 1);
  EXPECT_EQ(all.blocks, 2);
  EXPECT_EQ(all.row_groups, 4);
  EXPECT_EQ(all.row_groups_without, 2);
  EXPECT_EQ(all.rows, 81);
  EXPECT_EQ(all.traces, 21);
  EXPECT_EQ(all.assembled_traces, 1);  // that of the memtable
  EXPECT_GT(all.bytes, 0);
}

TEST(RunCounters, OfASearchSayWhatIsOutsideTheRange) {
  const Fixture of;
  const TimeRange range{.start_unix_nano = 0, .end_unix_nano = 1'000};
  const RunCounters some = CountersOfSearch(of.sources, "{ }", range);
  EXPECT_EQ(some.blocks, 1);
  EXPECT_EQ(some.blocks_outside, 1);
  EXPECT_EQ(some.row_groups, 1);
  EXPECT_EQ(some.row_groups_outside, 1);
  EXPECT_EQ(some.rows, 1 + 20);
}

TEST(RunCounters, OfASearchThatHasEnoughDoNotCountWhatItDidNotReach) {
  const Fixture of;
  const RunCounters some = CountersOfSearch(of.sources, "{ }", {}, 3);
  EXPECT_EQ(some.blocks, 1);
  EXPECT_EQ(some.row_groups, 1);
}

RunCounters CountersOfMetrics(const store::Sources& sources, const std::string& text) {
  const traceql::Query query = traceql::Parse(text).value();
  RunNotes notes;
  const MetricsOptions options{
      .start_unix_nano = 0, .end_unix_nano = 9'000, .step_ns = 1'000, .exemplars = 0};
  EXPECT_TRUE(RunMetrics(sources, query, options, {}, &notes).ok());
  return notes.counters();
}

TEST(RunCounters, OfMetricsByRowsBringNoTracesTogether) {
  const Fixture of;
  const RunCounters counters = CountersOfMetrics(of.sources, "{ name = `late` } | rate()");
  EXPECT_EQ(counters.blocks, 1);
  EXPECT_EQ(counters.blocks_outside, 1);
  EXPECT_EQ(counters.row_groups, 2);
  EXPECT_EQ(counters.row_groups_without, 1);
  EXPECT_EQ(counters.traces, 0);
}

TEST(RunCounters, OfMetricsByTracesDo) {
  const Fixture of;
  const RunCounters counters = CountersOfMetrics(of.sources, "{ } >> { name = `late` } | rate()");
  EXPECT_EQ(counters.row_groups_without, 1);
  EXPECT_EQ(counters.traces, 10);
}

TEST(RunCounters, AddUp) {
  RunCounters one{.blocks = 1, .rows = 5};
  one += {.blocks = 2, .bytes = 7};
  EXPECT_EQ(one.blocks, 3);
  EXPECT_EQ(one.rows, 5);
  EXPECT_EQ(one.bytes, 7);
}

}  // namespace
}  // namespace clew::query
