// SPDX-License-Identifier: Apache-2.0
#include "query/plan/search_plan.h"

#include <gtest/gtest.h>

#include <string>

#include "query/plan/plan_line_fixture.h"
#include "traceql/parser.h"

namespace clew::query {
namespace {

std::string PlanOf(const std::string& text, const TimeRange& range = {}) {
  const traceql::Query query = traceql::Parse(text).value();
  Regexes regexes;
  const TraceqlRequest request{.pipeline = std::get<traceql::SpansetPipeline>(query.root),
                               .range = range};
  return Print(PlanSearch(request, regexes));
}

std::string ColumnsOf(const std::string& text) {
  return LineOf(PlanOf(text), "columns");
}

TEST(SearchPlan, SaysEveryDecision) {
  EXPECT_EQ(PlanOf("{span.http.status_code>=500&&resource.service.name=`shop`}",
                   {.start_unix_nano = 1'700'000'000'000'000'000,
                    .end_unix_nano = 1'700'003'600'000'000'000}),
            R"(search      { span.http.status_code >= 500 && resource.service.name = "shop" }
columns     span.http.status_code >= 500 && resource.service.name = "shop"
traces      those with such a span, each evaluated as a whole
range       from 2023-11-14T22:13:20Z to 2023-11-14T23:13:20Z
horizon     traces up to 1h around it
order       newest first, until there are 20 results
answer      the first 3 spans of each spanset, with span.http.status_code, resource.service.name
)");
}

TEST(SearchPlan, OfEverythingAsksNothing) {
  EXPECT_EQ(PlanOf("{ }"), R"(search      { }
columns     all spans
traces      those with such a span, each evaluated as a whole
range       all time
horizon     none, traces are whole
order       newest first, until there are 20 results
answer      the first 3 spans of each spanset
)");
}

TEST(SearchPlan, AsksColumnsForSingleValues) {
  EXPECT_EQ(ColumnsOf("{ name = `pay` }"), R"(name = "pay")");
  EXPECT_EQ(ColumnsOf("{ 1s < duration }"), "1s < duration");
  EXPECT_EQ(ColumnsOf("{ .flag }"), ".flag");
  EXPECT_EQ(ColumnsOf("{ span.x != nil }"), "span.x != nil");
  EXPECT_EQ(ColumnsOf("{ span.path =~ `/api/.*` }"), R"(span.path =~ "/api/.*")");
  EXPECT_EQ(ColumnsOf("{ (status = error || kind = server) && span.x = 1 }"),
            "(status = error || kind = server) && span.x = 1");
}

TEST(SearchPlan, LeavesOutWhatColumnsDoNotKnow) {
  EXPECT_EQ(ColumnsOf("{ traceDuration > 1s }"), "all spans");
  EXPECT_EQ(ColumnsOf("{ parent.span.x = 1 && span.y = 2 }"), "span.y = 2");
  EXPECT_EQ(ColumnsOf("{ span.y = 2 || span:childCount > 1 }"), "all spans");
  EXPECT_EQ(ColumnsOf("{ span.x + 1 = 2 }"), "all spans");
  EXPECT_EQ(ColumnsOf("{ span.x = nil }"), "all spans");
  EXPECT_EQ(ColumnsOf("{ resource.service.name != `shop` }"), "all spans");
}

TEST(SearchPlan, OfWhatCannotBeLooksAtNoSpan) {
  EXPECT_EQ(ColumnsOf("{ false }"), "no span");
  EXPECT_EQ(ColumnsOf("{ span.x = 1 && false }"), "no span");
}

TEST(SearchPlan, OfARelationAsksForTheSideThatSaysMore) {
  EXPECT_EQ(ColumnsOf("{ span.x = 1 } >> { span.y = 2 }"), "span.y = 2");
  EXPECT_EQ(ColumnsOf("{ span.x = 1 } >> { }"), "span.x = 1");
  EXPECT_EQ(ColumnsOf("{ span.x = 1 } && { trace:duration > 1s }"), "span.x = 1");
  EXPECT_EQ(ColumnsOf("{ span.x = 1 } !> { }"), "all spans");
  EXPECT_EQ(ColumnsOf("{ span.x = 1 } || { span.y = 2 }"), "span.x = 1 || span.y = 2");
}

TEST(SearchPlan, OfAPipelineAsksForItsFirstStageThatSaysSomething) {
  EXPECT_EQ(ColumnsOf("{ } | by(name) | { span.x = 1 }"), "span.x = 1");
  EXPECT_EQ(ColumnsOf("{ } | limit(3) | { span.x = 1 }"), "all spans");
  EXPECT_EQ(ColumnsOf("{ span.x = 1 } | count() > 2"), "span.x = 1");
  EXPECT_EQ(ColumnsOf("none({ span.x = 1 })"), "all spans");
}

TEST(SearchPlan, OrdersByTimeUnlessAStageDoes) {
  EXPECT_EQ(LineOf(PlanOf("{ } | select(span.x)"), "order"),
            "newest first, until there are 20 results");
  EXPECT_EQ(LineOf(PlanOf("{ } | sort(duration desc) | limit(5)"), "order"),
            "sort(duration desc), limit(5), once all are found; 20 at most");
}

TEST(SearchPlan, SaysWhatIsAskedBesideTheQuery) {
  const traceql::Query query = traceql::Parse("{ }").value();
  Regexes regexes;
  const TraceqlRequest request{.pipeline = std::get<traceql::SpansetPipeline>(query.root),
                               .min_duration_ns = 1'500'000,
                               .max_duration_ns = 60'000'000'000,
                               .range = {.start_unix_nano = 0},
                               .limit = 1,
                               .spans_per_spanset = 0};
  const std::string plan = Print(PlanSearch(request, regexes));
  EXPECT_EQ(LineOf(plan, "duration"), "at least 1.5ms and at most 1m, of the trace");
  EXPECT_EQ(LineOf(plan, "range"), "from 1970-01-01T00:00:00Z");
  EXPECT_EQ(LineOf(plan, "answer"), "all spans of each spanset");
}

}  // namespace
}  // namespace clew::query
