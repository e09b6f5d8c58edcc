// SPDX-License-Identifier: Apache-2.0
#include "traceql/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "traceql/corpus_fixture.h"
#include "traceql/limits.h"
#include "traceql/print.h"

namespace clew::traceql {
namespace {

std::string Repeated(std::string_view text, size_t times) {
  std::string repeated;
  for (size_t i = 0; i < times; ++i) repeated += text;
  return repeated;
}

// That `query` is read as `grouped` is, in which parentheses leave nothing open.
void ExpectGrouping(std::string_view query, std::string_view grouped) {
  EXPECT_EQ(Canonical(query), Canonical(grouped)) << query;
}

TEST(Precedence, OfFieldOperators) {
  ExpectGrouping("{ .a || .b && .c }", "{ (.a || .b) && .c }");
  ExpectGrouping("{ .a && .b || .c }", "{ (.a && .b) || .c }");
  ExpectGrouping("{ .a = .b && .c }", "{ (.a = .b) && .c }");
  ExpectGrouping("{ .a = .b != .c }", "{ (.a = .b) != .c }");
  ExpectGrouping("{ .a + .b = .c - .d }", "{ (.a + .b) = (.c - .d) }");
  ExpectGrouping("{ .a - .b - .c = 1 }", "{ ((.a - .b) - .c) = 1 }");
  ExpectGrouping("{ .a + .b * .c = 1 }", "{ (.a + (.b * .c)) = 1 }");
  ExpectGrouping("{ .a / .b % .c = 1 }", "{ ((.a / .b) % .c) = 1 }");
  ExpectGrouping("{ .a * .b ^ .c = 1 }", "{ (.a * (.b ^ .c)) = 1 }");
  ExpectGrouping("{ .a ^ .b ^ .c = 1 }", "{ (.a ^ (.b ^ .c)) = 1 }");
}

TEST(Precedence, OfNotIsBetweenSumAndProduct) {
  ExpectGrouping("{ !.a = .b }", "{ (!.a) = .b }");
  ExpectGrouping("{ !.a + .b }", "{ (!.a) + .b }");
  ExpectGrouping("{ !.a * .b }", "{ !(.a * .b) }");
  ExpectGrouping("{ !.a && .b }", "{ (!.a) && .b }");
}

TEST(Precedence, OfMinusIsTheTightest) {
  ExpectGrouping("{ -.a ^ 2 = 1 }", "{ ((-.a) ^ 2) = 1 }");
  ExpectGrouping("{ .a ^ -.b = 1 }", "{ (.a ^ (-.b)) = 1 }");
  EXPECT_EQ(Canonical("{ -2 ^ 2 = 4 }"), "{ -2 ^ 2 = 4 }");
  EXPECT_EQ(Canonical("{ - (2 ^ 2) = 4 }"), "{ -(2 ^ 2) = 4 }");
}

TEST(Precedence, OfSpansetOperators) {
  ExpectGrouping("{.a} || {.b} && {.c}", "(({.a} || {.b}) && {.c})");
  ExpectGrouping("{.a} && {.b} > {.c}", "{.a} && ({.b} > {.c})");
  ExpectGrouping("{.a} >> {.b} !~ {.c}", "({.a} >> {.b}) !~ {.c}");
  EXPECT_NE(Canonical("{.a} >> {.b} > {.c}"), Canonical("{.a} >> ({.b} > {.c})"));
}

TEST(Precedence, OfScalarAndMetricsArithmetic) {
  ExpectGrouping("{} | count() + 1 * 2 > 3", "{} | (count() + (1 * 2)) > 3");
  ExpectGrouping("({} | rate()) * 10 + 5 > 50", "((({} | rate()) * 10) + 5) > 50");
  ExpectGrouping("1 - 2 - ({} | rate())", "(1 - 2) - ({} | rate())");
  EXPECT_EQ(Canonical("({} | rate()) - (({} | rate()) - 1)"),
            "({ } | rate()) - (({ } | rate()) - 1)");
}

TEST(Parse, NamesThePlaceAsTempoDoes) {
  EXPECT_EQ(MessageOf("{ attribute = 4 }"),
            "parse error at line 1, col 3: unknown identifier: attribute");
  EXPECT_EQ(MessageOf("{ .a = }"), "parse error at line 1, col 8: syntax error: unexpected }");
  EXPECT_EQ(MessageOf("{ .a == 1 }"), "parse error at line 1, col 7: syntax error: unexpected =");
  EXPECT_EQ(MessageOf("{ .a }\n  | coalesce(1)"),
            "parse error at line 2, col 14: syntax error: unexpected INTEGER, expecting )");
  EXPECT_EQ(MessageOf(""), "parse error at line 1, col 1: syntax error: unexpected $end");
  EXPECT_EQ(MessageOf("{ .a"),
            "parse error at line 1, col 5: syntax error: unexpected $end, expecting }");
  EXPECT_EQ(MessageOf("{} | select(.a"),
            "parse error at line 1, col 15: syntax error: unexpected $end, expecting , or )");
  EXPECT_EQ(MessageOf("{ span. }"),
            "parse error at line 1, col 8: syntax error: unexpected END_ATTRIBUTE, expecting "
            "IDENTIFIER");
  EXPECT_EQ(MessageOf("{ .a ? }"), "parse error at line 1, col 6: illegal character '?'");
}

TEST(Parse, StopsWhereTheGrammarDoes) {
  EXPECT_EQ(MessageOf("count() > 3 && { true }"),
            "parse error at line 1, col 13: syntax error: unexpected &&");
  EXPECT_EQ(MessageOf("{} > 10"), "parse error at line 1, col 6: syntax error: unexpected INTEGER");
  EXPECT_EQ(MessageOf("({} | rate()) * 10s"),
            "parse error at line 1, col 17: syntax error: unexpected DURATION");
  EXPECT_EQ(MessageOf("{} | rate() + 5"),
            "parse error at line 1, col 13: syntax error: unexpected +");
  EXPECT_EQ(MessageOf("{} | sort(duration)"),
            "parse error at line 1, col 6: unknown identifier: sort");
}

std::string HintOf(std::string_view query) {
  const auto parsed = Parse(query);
  return parsed.ok() ? "" : parsed.error().hint;
}

TEST(Parse, SaysWhatToDo) {
  EXPECT_EQ(HintOf("{ .a == 1 }"), "equality is written with one =");
  EXPECT_EQ(HintOf("{ .a = }"), "a value is missing after =");
  EXPECT_EQ(HintOf("{} > 10"), "this is not of the kind that can stand after >");
  EXPECT_EQ(HintOf("{ foo = 1 }"),
            "attributes begin with their scope: span.foo, resource.foo, or .foo for any; strings "
            "are quoted");
  EXPECT_EQ(HintOf("{ .a & .b }"), "and is written &&");
  EXPECT_EQ(HintOf(""), "the query is empty; {} matches all spans");
}

TEST(Parse, GuessesWhatAnUnknownWordWasToBe) {
  EXPECT_EQ(HintOf("{ http.status_code = 500 }"),
            "attributes begin with their scope: span.http.status_code, "
            "resource.http.status_code, or .http.status_code for any; strings are quoted");
  EXPECT_EQ(HintOf("{ .a = 1 and .b = 2 }"), "and is written &&");
  EXPECT_EQ(HintOf("{ .a = 1 OR .b = 2 }"), "or is written ||");
  EXPECT_EQ(HintOf("{ not .a }"), "not is written !");
  EXPECT_EQ(HintOf("{ span = 1 }"), "a name follows a scope: span.name");
  EXPECT_EQ(HintOf("{ kind = SERVER }"), "it is written server");
  EXPECT_EQ(HintOf("{ trace:kind = 1 }"), "trace: has duration, rootName, rootService and id");
  EXPECT_EQ(HintOf("{ resource:name = 1 }"), "attributes of it are written resource.name");
  EXPECT_EQ(HintOf("{} | count()"), "a comparison is missing after it, such as > 0");
  EXPECT_EQ(HintOf("rate()"), "spans come first: {} | rate()");
}

TEST(Parse, TellsWhatWasFoundAndWhatCouldStandThere) {
  const auto parsed = Parse("{} | coalesce(1)");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().found, "INTEGER");
  EXPECT_THAT(parsed.error().expected, testing::ElementsAre(")"));
  EXPECT_EQ(parsed.error().position.offset, 14U);
}

TEST(Parse, RefusesTextsOverTheLimit) {
  EXPECT_EQ(MessageOf("{}" + std::string(kMaxQueryBytes, ' ')).substr(0, 78),
            "TraceQL expression exceeds the configured maximum size of 131072 bytes, reduce");
  EXPECT_EQ(ResultOf("{}" + std::string(kMaxQueryBytes - 2, ' ')), "ok");
}

TEST(Parse, BoundsNesting) {
  for (const std::string_view part : {"(", "{ (", "{ -", "{ !", "{ .a ^ ", "({", "{} > ", "1 + "}) {
    const std::string bomb = Repeated(part, kMaxQueryBytes / part.size());
    EXPECT_EQ(ResultOf(bomb), "parse_error") << part;
  }
  EXPECT_THAT(MessageOf("{ " + Repeated("(", 100'000)), testing::HasSubstr("nested too deeply"));
  EXPECT_THAT(MessageOf(Repeated("{} > ", 10'000) + "{}"), testing::HasSubstr("too deeply"));
  EXPECT_THAT(MessageOf("{ " + Repeated(".a+ - ", 1'000) + "1 }"), testing::HasSubstr("deeply"));
  EXPECT_EQ(ResultOf("{ " + Repeated("(", 300) + ".a" + Repeated(")", 300) + " }"), "ok");
}

// `query` as the pipeline of an aggregate that is the first of many numbers, again and again.
std::string NestedScalarPipelines(size_t times) {
  std::string query = "{}";
  for (size_t i = 0; i < times; ++i) {
    query = "(" + std::move(query) + " | count())" + Repeated("+1", 140) + "> 1";
  }
  return query;
}

TEST(Parse, CountsThePipelinesInNumbersAsLevels) {
  EXPECT_EQ(ResultOf(NestedScalarPipelines(1)), "unsupported");
  EXPECT_THAT(MessageOf(NestedScalarPipelines(2)), testing::HasSubstr("too deeply"));
  EXPECT_THAT(MessageOf(NestedScalarPipelines(350)), testing::HasSubstr("too deeply"));
}

TEST(Parse, TakesChainsOfAnyLength) {
  EXPECT_EQ(ResultOf("{ .a = 1" + Repeated(" || .a = 2", 10'000) + " }"), "ok");
}

TEST(Parse, KnowsWhereNodesAre) {
  const auto parsed = Parse("{ .a }\n| by(.b + 1)");
  ASSERT_TRUE(parsed.ok());
  const auto& pipeline = std::get<SpansetPipeline>(parsed.value().root);
  EXPECT_EQ(pipeline.stages[1].position, (Position{.line = 2, .column = 3, .offset = 9}));
  const FieldExpr& sum = std::get<GroupBy>(pipeline.stages[1].node).expr;
  EXPECT_EQ(sum.position, (Position{.line = 2, .column = 9, .offset = 15}));
}

// Where an error points; the start when there is none.
Position PlaceOf(std::string_view text) {
  const auto parsed = Parse(text);
  return parsed.ok() ? Position{} : parsed.error().position;
}

void ExpectPlaceInside(std::string_view text) {
  const Position place = PlaceOf(text);
  ASSERT_LE(place.offset, text.size()) << text;
  const auto breaks = std::ranges::count(text.substr(0, place.offset), '\n');
  ASSERT_EQ(place.line, 1 + breaks) << text;
  const size_t line_start = text.substr(0, place.offset).rfind('\n') + 1;
  ASSERT_EQ(place.column, place.offset - line_start + 1) << text;
}

void ExpectPlacesInside(std::string_view query) {
  for (size_t i = 0; i < query.size(); ++i) {
    ExpectPlaceInside(query.substr(0, i));
    ExpectPlaceInside(std::string(query.substr(0, i)).append(query.substr(i + 1)));
  }
}

TEST(Parse, PointsIntoTheTextWhateverIsMissingFromIt) {
  for (const std::string_view query : ValidQueries()) ExpectPlacesInside(query);
  for (const std::string_view query : OwnQueries()) ExpectPlacesInside(query);
  for (const std::string_view query : MisspeltQueries()) ExpectPlaceInside(query);
}

TEST(ParseField, TakesOneFieldAlone) {
  EXPECT_EQ(Print(ParseField("resource.\"x y\"").value()), "resource.\"x y\"");
  EXPECT_EQ(Print(ParseField("span:kind").value()), "kind");
  EXPECT_FALSE(ParseField(".a = 1").ok());
  EXPECT_FALSE(ParseField("foo").ok());
  EXPECT_FALSE(ParseField("").ok());
}

}  // namespace
}  // namespace clew::traceql
