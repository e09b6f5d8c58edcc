// SPDX-License-Identifier: Apache-2.0
#include "query/trace_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "query/test_spans.h"
#include "traceql/parser.h"

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::query {
namespace {

constexpr uint32_t kAll = TraceFilter::kAllLevels;

//   1 a            9 lost, whose parent is absent
//   ├ 2 b
//   │ ├ 3 match
//   │ │ └ 5 c
//   │ │   └ 6 d
//   │ └ 4 e
//   └ 7 match
class TraceFilterTest : public testing::Test {
 protected:
  TraceFilterTest() {
    const auto span = [](uint8_t id, uint8_t parent, std::string name) {
      return TestSpan{.span = id, .parent = parent, .start = 100 + id, .name = std::move(name)};
    };
    Fill(memtable_, {span(1, 0, "a"), span(2, 1, "b"), span(3, 2, "match"), span(4, 2, "e"),
                     span(5, 3, "c"), span(6, 5, "d"), span(7, 1, "match"), span(9, 8, "lost")});
  }

  // The last bytes of the ids of what is left.
  std::vector<int> Left(const std::string& text, uint32_t below, uint32_t above) {
    TraceFilter filter{.pipeline = std::get<traceql::SpansetPipeline>(
                           std::move(traceql::Parse(text).value().root)),
                       .levels_below = below,
                       .levels_above = above};
    FoundTrace trace = FindTrace(SourcesOf(memtable_), TraceOf(1)).value();
    const size_t before = trace.rows.size();
    const size_t taken_out = FilterTrace(filter, trace).value();
    EXPECT_EQ(trace.rows.size() + taken_out, before);
    std::vector<int> ids;
    ids.reserve(trace.rows.size());
    for (const uint32_t row : trace.rows) {
      ids.push_back(static_cast<uint8_t>(trace.memtable->row(row).span_id.bytes[7]));
    }
    return ids;
  }

  store::Memtable memtable_;
};

constexpr const char* kMatch = R"({ name = "match" })";

TEST_F(TraceFilterTest, KeepsTheSpansThatMatch) {
  EXPECT_THAT(Left(kMatch, 0, 0), ElementsAre(3, 7));
  EXPECT_THAT(Left("{ }", 0, 0), ElementsAre(1, 2, 3, 4, 5, 6, 7, 9));
  EXPECT_THAT(Left(R"({ name = "nothing" })", kAll, kAll), IsEmpty());
}

TEST_F(TraceFilterTest, KeepsSoManyLevelsBelowAMatch) {
  EXPECT_THAT(Left(kMatch, 1, 0), ElementsAre(3, 5, 7));
  EXPECT_THAT(Left(kMatch, 2, 0), ElementsAre(3, 5, 6, 7));
  EXPECT_THAT(Left(kMatch, kAll, 0), ElementsAre(3, 5, 6, 7));
}

TEST_F(TraceFilterTest, KeepsSoManyLevelsAboveAMatch) {
  EXPECT_THAT(Left(R"({ name = "d" })", 0, 1), ElementsAre(5, 6));
  EXPECT_THAT(Left(R"({ name = "d" })", 0, 3), ElementsAre(2, 3, 5, 6));
  EXPECT_THAT(Left(R"({ name = "d" })", 0, kAll), ElementsAre(1, 2, 3, 5, 6));
}

TEST_F(TraceFilterTest, WhatIsAboveAMatchBringsNothingBelowIt) {
  EXPECT_THAT(Left(kMatch, kAll, kAll), ElementsAre(1, 2, 3, 5, 6, 7));
}

TEST_F(TraceFilterTest, ASpanWhoseParentIsAbsentStandsAlone) {
  EXPECT_THAT(Left(R"({ name = "lost" })", kAll, kAll), ElementsAre(9));
}

}  // namespace
}  // namespace clew::query
