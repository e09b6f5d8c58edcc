// SPDX-License-Identifier: Apache-2.0
#include "traceql/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "traceql/corpus_fixture.h"
#include "traceql/parser.h"

namespace clew::traceql {
namespace {

TEST(Validate, SaysOfFieldsWhatTempoSays) {
  EXPECT_EQ(MessageOf("{ status }"),
            "span filter field expressions must resolve to a boolean: { status }");
  EXPECT_EQ(MessageOf("{ 1 = \"foo\" }"),
            "binary operations must operate on the same type: 1 = \"foo\"");
  EXPECT_EQ(MessageOf("{ .a && name }"), "illegal operation for the given types: .a && name");
  EXPECT_EQ(MessageOf("{ status > ok }"), "illegal operation for the given types: status > ok");
  EXPECT_EQ(MessageOf("{ !name }"), "illegal operation for the given type: !name");
  EXPECT_EQ(MessageOf("{ name = nil }"), "name=nil is not valid because intrinsics cannot be nil");
  EXPECT_THAT(MessageOf("{ .a =~ \"[\" }"), testing::StartsWith("invalid regex: "));
  EXPECT_EQ(MessageOf("{ parent }"), "parent not yet supported");
}

TEST(Validate, SaysOfPipelinesWhatTempoSays) {
  EXPECT_EQ(MessageOf("{ } | max(name) > 1"),
            "aggregate field expressions must resolve to a number type: max(name)");
  EXPECT_EQ(MessageOf("sum(3) = 2"), "aggregate field expressions must reference the span: sum(3)");
  EXPECT_EQ(MessageOf("by(1)"), "grouping field expressions must reference the span: by(1)");
  EXPECT_EQ(MessageOf("min(.a) < max(.b)"),
            "aggregates on both sides of a comparison not yet supported");
}

TEST(Validate, SaysOfMetricsWhatTempoSays) {
  EXPECT_EQ(MessageOf("{} | quantile_over_time(duration, 1.5)"),
            "quantile must be between 0 and 1: 1.5");
  EXPECT_EQ(MessageOf("{} | rate() | topk(0)"), "limit must be greater than 0");
  EXPECT_EQ(MessageOf("{} | compare({ }, 0)"),
            "compare() top number of values must be an integer between 1 and 1000");
  EXPECT_EQ(MessageOf("{} | compare({ }) | topk(1)"),
            "`compare()` cannot be used with second stage functions");
  EXPECT_EQ(MessageOf("{} | rate() by (.a, .b, .c, .d, .e, .f)"),
            "metrics group by 6 values not yet supported");
}

// `{ .a =~ regex && .a =~ regex … }`
std::string Matching(std::string_view regex, int times) {
  std::string query = "{ true";
  for (int i = 0; i < times; ++i) query.append(" && .a =~ `").append(regex).append("`");
  return query + " }";
}

TEST(Validate, BoundsTheProgramsOfRegexes) {
  EXPECT_EQ(MessageOf(Matching("\\pL{300}", 1)), "invalid regex: those of the query are too large");
  EXPECT_EQ(ResultOf(Matching("\\pL{10}", 1)), "ok");
  EXPECT_EQ(MessageOf(Matching("\\pL{10}", 5'000)),
            "invalid regex: those of the query are too large");
  EXPECT_EQ(ResultOf(Matching("/api/v[12]/.*", 1'000)), "ok");
}

TEST(Validate, TakesLongListsInARegex) {
  std::string names = "a";
  for (int i = 0; i < 5'000; ++i) names += "|service-" + std::to_string(i * 7919);
  EXPECT_EQ(ResultOf(Matching(names, 1)), "ok");
}

TEST(Validate, PointsAtTheOperator) {
  const auto query = Parse("{ .a = 1 &&\n  1 = \"x\" }");
  ASSERT_TRUE(query.ok());
  const ValidationStatus valid = Validate(query.value());
  ASSERT_FALSE(valid.ok());
  EXPECT_EQ(valid.error().position, (Position{.line = 2, .column = 5, .offset = 16}));
}

TEST(Validate, SupportsParentsUnlessItIsToBeLikeTempo) {
  EXPECT_EQ(ResultOf("{ parent.a = 1 }", Dialect::kTempo), "unsupported");
  EXPECT_EQ(ResultOf("{ parent.a = 1 }", Dialect::kClew), "ok");
}

TEST(Validate, LimitsCountTheTracesOfTheWholeQuery) {
  EXPECT_EQ(ResultOf("{ } | limit(1)", Dialect::kClew), "ok");
  EXPECT_EQ(ResultOf("({ } | limit(1)) && ({ })", Dialect::kClew), "unsupported");
}

}  // namespace
}  // namespace clew::traceql
