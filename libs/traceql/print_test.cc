// SPDX-License-Identifier: Apache-2.0
#include "traceql/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/test_effort.h"
#include "traceql/corpus_fixture.h"
#include "traceql/random_query_fixture.h"

namespace clew::traceql {
namespace {

void ExpectFixedPoint(std::span<const std::string_view> queries) {
  for (const std::string_view query : queries) {
    const std::string once = Canonical(query);
    EXPECT_EQ(Canonical(once), once) << query;
  }
}

TEST(Print, GivesATextThatPrintsTheSame) {
  ExpectFixedPoint(ValidQueries());
  ExpectFixedPoint(OwnQueries());
  ExpectFixedPoint(InvalidQueries());
  ExpectFixedPoint(UnsupportedQueries());
}

// What the random queries are to be made of. The rest of the language is inside of these.
constexpr std::string_view kWords[] = {" + ",
                                       " - ",
                                       " * ",
                                       " / ",
                                       " % ",
                                       " ^ ",
                                       " = ",
                                       " != ",
                                       " < ",
                                       " <= ",
                                       " > ",
                                       " >= ",
                                       " =~ ",
                                       " !~ ",
                                       " && ",
                                       " || ",
                                       "!",
                                       "-",
                                       "} > {",
                                       "} < {",
                                       "} >> {",
                                       "} << {",
                                       "} ~ {",
                                       "} !> {",
                                       "} !< {",
                                       "} !>> {",
                                       "} !<< {",
                                       "} !~ {",
                                       "} &> {",
                                       "} &< {",
                                       "} &>> {",
                                       "} &<< {",
                                       "} &~ {",
                                       ") &>> (",
                                       ") !~ (",
                                       "none(",
                                       "| by(",
                                       "| coalesce()",
                                       "| select(",
                                       "| sort(",
                                       " desc)",
                                       "| limit(",
                                       "count()",
                                       "min(",
                                       "max(",
                                       "avg(",
                                       "sum(",
                                       "| count())",
                                       "| rate()",
                                       "| count_over_time()",
                                       "| min_over_time(",
                                       "| max_over_time(",
                                       "| sum_over_time(",
                                       "| avg_over_time(",
                                       "| quantile_over_time(",
                                       "| histogram_over_time(",
                                       "| compare({",
                                       " by(",
                                       "| topk(",
                                       "| bottomk(",
                                       "with(most_recent=",
                                       ", sample=",
                                       "nil",
                                       "true",
                                       "false",
                                       "error",
                                       "ok",
                                       "unset",
                                       "unspecified",
                                       "internal",
                                       "client",
                                       "server",
                                       "producer",
                                       "consumer",
                                       "span.",
                                       "resource.",
                                       "event.",
                                       "link.",
                                       "instrumentation.",
                                       "parent.",
                                       "parent.span.",
                                       "parent.resource.",
                                       "duration",
                                       "name",
                                       "status",
                                       "statusMessage",
                                       "kind",
                                       "span:id",
                                       "span:parentID",
                                       "span:childCount",
                                       "traceDuration",
                                       "rootName",
                                       "rootServiceName",
                                       "trace:id",
                                       "event:name",
                                       "event:timeSinceStart",
                                       "link:traceID",
                                       "link:spanID",
                                       "instrumentation:name",
                                       "instrumentation:version",
                                       "nestedSetLeft",
                                       "nestedSetRight",
                                       "nestedSetParent"};

TEST(RandomQuery, MakesUseOfTheWholeLanguage) {
  RandomQuery queries(1);
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += Print(queries.Next()) + "\n";
  std::vector<std::string_view> missing;
  for (const std::string_view word : kWords) {
    if (text.find(word) == std::string::npos) missing.push_back(word);
  }
  EXPECT_THAT(missing, testing::IsEmpty());
}

TEST(Print, GivesATextOfAnyTreeThatPrintsTheSame) {
  RandomQuery queries(1);
  for (uint64_t i = 0; i < base::TestRounds(20'000, 1'000'000); ++i) {
    const std::string text = Print(queries.Next());
    ASSERT_EQ(Canonical(text), text) << "round " << i;
  }
}

TEST(Print, KeepsNoParenthesesThatChangeNothing) {
  EXPECT_EQ(Canonical("{((.a)+(.b *.c))>(1)}"), "{ .a + .b * .c > 1 }");
  EXPECT_EQ(Canonical("(({.a})&&({.b}))"), "{ .a } && { .b }");
  EXPECT_EQ(Canonical("{}|(count()*2)>(3)"), "{ } | count() * 2 > 3");
  EXPECT_EQ(Canonical("(({}|rate()))"), "{ } | rate()");
  EXPECT_EQ(Canonical("(({.a}|count()>1))"), "{ .a } | count() > 1");
  EXPECT_EQ(Canonical("{!(true)||-(\"a\")=1||-(2)=-(minInt)}"),
            "{ !true || -\"a\" = 1 || -(2) = -minInt }");
}

TEST(Print, KeepsParenthesesBetweenAndAndOr) {
  EXPECT_EQ(Canonical("{ .a || .b && .c }"), "{ (.a || .b) && .c }");
  EXPECT_EQ(Canonical("{ .a } || { .b } && { .c }"), "({ .a } || { .b }) && { .c }");
}

TEST(Print, WritesIntrinsicsWithoutAScopeWhereItCan) {
  EXPECT_EQ(Canonical("{ span:duration > 1s && trace:rootService = `x` && span:id = `a` }"),
            "{ duration > 1s && rootServiceName = \"x\" && span:id = \"a\" }");
}

TEST(Print, QuotesNamesThatNeedIt) {
  EXPECT_EQ(Canonical("{ .\"foo\" = 1 }"), "{ .foo = 1 }");
  EXPECT_EQ(Canonical("{ span.http.\"method x\".y = 1 }"), "{ span.\"http.method x.y\" = 1 }");
  EXPECT_EQ(Canonical("{ parent.\"span.x\" = 1 }"), "{ parent.\"span.x\" = 1 }");
  EXPECT_EQ(Canonical("{ .\"5\" = 1 }"), "{ .\"5\" = 1 }");
  EXPECT_EQ(Canonical(R"({ ."a\"b\\c" = 1 })"), R"({ ."a\"b\\c" = 1 })");
}

TEST(Print, WritesLiteralsSoThatTheyAreReadTheSame) {
  EXPECT_EQ(Print(Static(std::numeric_limits<int64_t>::min())), "minInt");
  EXPECT_EQ(Print(Static(2.0)), "2.0");
  EXPECT_EQ(Print(Static(1e300)), "1e+300");
  EXPECT_EQ(Print(Static(std::string("a\"\n\x01`"))), "\"a\\\"\\n\\x01`\"");
  EXPECT_EQ(Print(Static(std::string("\xC3\xA9\xC3"))), "\"\xC3\xA9\\xc3\"");
  EXPECT_EQ(Print(Static(Duration{5'400'000'000'000})), "1h30m");
  EXPECT_EQ(Print(Static(Duration{-1'500'000})), "-1.5ms");
  EXPECT_EQ(Print(Static(Duration{61'000'000'001})), "1m1.000000001s");
}

}  // namespace
}  // namespace clew::traceql
