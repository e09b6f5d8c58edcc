// SPDX-License-Identifier: Apache-2.0
#include "query/plan/metrics_plan.h"

#include <gtest/gtest.h>

#include <string>

#include "query/plan/plan_line_fixture.h"
#include "traceql/parser.h"

namespace clew::query {
namespace {

constexpr int64_t kMinute = 60'000'000'000;

std::string PlanOf(const std::string& text, bool instant = false) {
  const traceql::Query query = traceql::Parse(text).value();
  Regexes regexes;
  const MetricsOptions options{.start_unix_nano = 1'699'999'980'000'000'000,
                               .end_unix_nano = 1'699'999'980'000'000'000 + 60 * kMinute,
                               .step_ns = 5 * kMinute,
                               .instant = instant};
  const base::Result<MetricsPlan> plan = PlanMetrics(query, options, regexes);
  return plan.ok() ? Print(plan.value()) : plan.error().message;
}

std::string SpansOf(const std::string& text) {
  return LineOf(PlanOf(text), "spans");
}

constexpr const char* kRows = "row by row, no trace is brought together";
constexpr const char* kTraces = "of traces with such a span, each evaluated as a whole";

TEST(MetricsPlan, SaysEveryDecision) {
  EXPECT_EQ(PlanOf("{status=error}|rate()by(resource.service.name)|topk(5)"),
            R"(metrics     { status = error } | rate() by(resource.service.name) | topk(5)
range       from 2023-11-14T22:05:00.000000001Z to 2023-11-14T23:15:00.000000001Z
intervals   14 of 5m, the last to 2023-11-14T23:15:00Z
select      { status = error }
columns     status = error
spans       row by row, no trace is brought together
measure     rate() by(resource.service.name)
then        | topk(5)
exemplars   100 at most, of all
)");
}

TEST(MetricsPlan, OfMathsSaysWhatEachSideReads) {
  EXPECT_EQ(PlanOf("({ status = error } | rate()) / ({ } > { } | rate()) * 100 > 5"),
            R"(metrics     ({ status = error } | rate()) / ({ } > { } | rate()) * 100 > 5
range       from 2023-11-14T22:05:00.000000001Z to 2023-11-14T23:15:00.000000001Z
intervals   14 of 5m, the last to 2023-11-14T23:15:00Z
select      { status = error }
columns     status = error
spans       row by row, no trace is brought together
measure     rate()
select      { } > { }
columns     all spans
spans       of traces with such a span, each evaluated as a whole
measure     rate()
maths       left / right
constant    100
maths       left * right
then        > 5
exemplars   100 at most, of all
)");
}

TEST(MetricsPlan, ReadsRowsWhereSpansAreEnough) {
  EXPECT_EQ(SpansOf("{ } | count_over_time()"), kRows);
  EXPECT_EQ(SpansOf("{ span.x = 1 } | quantile_over_time(duration, .9) by(name)"), kRows);
  EXPECT_EQ(SpansOf("{ event.name = `x` } | rate()"), kRows);
}

TEST(MetricsPlan, BringsTracesTogetherWhereTheyAreNot) {
  EXPECT_EQ(SpansOf("{ rootName = `x` } | rate()"), kTraces);
  EXPECT_EQ(SpansOf("{ } | rate() by(rootServiceName)"), kTraces);
  EXPECT_EQ(SpansOf("{ } | max_over_time(span:childCount)"), kTraces);
  EXPECT_EQ(SpansOf("{ } >> { } | rate()"), kTraces);
  EXPECT_EQ(SpansOf("{ } | count() > 2 | rate()"), kTraces);
  EXPECT_EQ(SpansOf("{ } | compare({ rootName = `x` })"), kTraces);
}

TEST(MetricsPlan, OfAComparisonNeedsTracesForTheirRootsAlone) {
  EXPECT_EQ(SpansOf("{ } | compare({ status = error })"),
            "row by row, and trace by trace for what their roots say");
}

TEST(MetricsPlan, OfALimitTakesTheTracesOfASearch) {
  EXPECT_EQ(SpansOf("{ } | limit(5) | rate()"),
            "of the traces that a search leaves, each evaluated as a whole");
}

TEST(MetricsPlan, AtOneMomentHasOneIntervalAndNoExemplars) {
  const std::string plan = PlanOf("{ } | rate()", true);
  EXPECT_EQ(LineOf(plan, "intervals"), "one for the whole range");
  EXPECT_EQ(LineOf(plan, "exemplars"), "none");
}

TEST(MetricsPlan, TakesTheExemplarsOfAHint) {
  EXPECT_EQ(LineOf(PlanOf("{ } | rate() with(exemplars=false)"), "exemplars"), "none");
  EXPECT_EQ(LineOf(PlanOf("{ } | rate() with(exemplars=7)"), "exemplars"), "7 at most, of all");
}

TEST(MetricsPlan, RefusesWhatComputesNothing) {
  EXPECT_EQ(PlanOf("{ }"),
            "it selects traces, which a search does; numbers over time end in a function, as in "
            "{ } | rate()");
}

}  // namespace
}  // namespace clew::query
