// SPDX-License-Identifier: Apache-2.0
#include "traceql/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "traceql/number_lexer.h"

namespace clew::traceql {
namespace {

using testing::ElementsAre;

// The names of the tokens, as errors have them, with the name of each attribute.
std::vector<std::string> Names(std::string_view text) {
  std::vector<std::string> names;
  for (const Token& token : Lex(text)) {
    names.push_back(NameOf(token));
    if (token.kind == TokenKind::kAttribute) names.back() += token.text;
    if (token.kind == TokenKind::kInvalid) names.back() = "invalid: " + token.text;
  }
  return names;
}

TEST(Lex, TakesTheLongestSign) {
  EXPECT_THAT(Names("!>>!>>=&>>&>&&||!~=~"),
              ElementsAre("!>>", "!>>", "=", "&>>", "&>", "&&", "||", "!~", "=~", "$end"));
}

TEST(Lex, EndsNamesAtSpacesAndSigns) {
  EXPECT_THAT(Names(".foo-bar+1/2*x .a=span.b|parent.c"),
              ElementsAre(".foo-bar+1/2*x", ".a", "=", "span.b", "|", "parent.c", "$end"));
}

TEST(Lex, KnowsScopes) {
  EXPECT_THAT(
      Names("span.a resource.a event.a link.a instrumentation.a parent.span.a "
            "parent.resource.a parent.event.a span:id trace.a"),
      ElementsAre("span.a", "resource.a", "event.a", "link.a", "instrumentation.a", "parent.span.a",
                  "parent.resource.a", "parent.event.a", "span:", "id", "trace", ".a", "$end"));
}

TEST(Lex, UnquotesPartsOfNames) {
  EXPECT_THAT(Names(R"(span.http."a b".c ."x\"\\" ."span.y")"),
              ElementsAre("span.http.a b.c", R"(.x"\)", ".span.y", "$end"));
}

TEST(Lex, SkipsComments) {
  EXPECT_THAT(Names("1 // x\n /* y\n */ 2"), ElementsAre("INTEGER", "INTEGER", "$end"));
  EXPECT_THAT(Names("1 /* x"), ElementsAre("INTEGER", "invalid: comment not terminated"));
}

TEST(Lex, TellsNumbersApart) {
  EXPECT_THAT(Names("1 1.5 1e3 .5 1s 1.5h 1h30m .5s"),
              ElementsAre("INTEGER", "FLOAT", "FLOAT", "FLOAT", "DURATION", "DURATION", "DURATION",
                          "DURATION", "$end"));
  EXPECT_THAT(Names("1e-999 1e999"), ElementsAre("FLOAT", "invalid: value out of range: 1e999"));
  EXPECT_EQ(Lex("1e-999")[0].number, 0.0);
  EXPECT_THAT(Names("9223372036854775808"),
              ElementsAre("invalid: value out of range: 9223372036854775808"));
}

TEST(Lex, UnescapesStrings) {
  EXPECT_EQ(Lex(R"("\a\t\x41\102\u00e9\U0001F600\\\"")")[0].text,
            "\a\tAB\xC3\xA9\xF0\x9F\x98\x80\\\"");
  EXPECT_EQ(Lex("`a\\n\r\nb`")[0].text, "a\\n\nb");
  EXPECT_THAT(Names("\"\\ud800\""), ElementsAre("invalid: invalid char escape"));
  EXPECT_THAT(Names("\"a\nb\""), ElementsAre("invalid: literal not terminated"));
}

TEST(Lex, EndsNamesAndNumbersAtSpacesOfAnyAlphabet) {
  EXPECT_THAT(Names(".a\xC2\xA0= 1"), ElementsAre(".a", "invalid: illegal character \\xc2\\xa0"));
  EXPECT_THAT(Names("1\xE2\x80\x89"),
              ElementsAre("INTEGER", "invalid: illegal character \\xe2\\x80\\x89"));
  EXPECT_THAT(Names(".\xD0\xB6\xD1\x88 \xD0\xB6"),
              ElementsAre(".\xD0\xB6\xD1\x88", "\xD0\xB6", "$end"));
}

TEST(Lex, TakesTypographicQuotesForNoLetters) {
  EXPECT_THAT(Names("\xE2\x80\x9Cx\xE2\x80\x9D"),
              ElementsAre("invalid: illegal character '\xE2\x80\x9C'"));
  EXPECT_EQ(Lex("\xE2\x80\x98")[0].hint, "strings are written in double quotes or backticks");
}

TEST(Lex, RefusesWhatIsNotText) {
  EXPECT_THAT(Names(".a \xFF"), ElementsAre(".a", "invalid: invalid UTF-8 encoding"));
  EXPECT_THAT(Names(".a = \"x\xC3\""), ElementsAre(".a", "=", "invalid: invalid UTF-8 encoding"));
  EXPECT_THAT(Names(std::string_view("1\0", 2)),
              ElementsAre("INTEGER", "invalid: illegal character NUL"));
  EXPECT_EQ(Lex("\n \"a\xFF\"")[0].position, (Position{.line = 2, .column = 4, .offset = 4}));
}

TEST(Lex, CountsLinesAndBytes) {
  const std::vector<Token> tokens = Lex("{\n  .\xC3\xA9 = 1 }");
  EXPECT_EQ(tokens[1].position, (Position{.line = 2, .column = 3, .offset = 4}));
  EXPECT_EQ(tokens[2].position, (Position{.line = 2, .column = 7, .offset = 8}));
}

TEST(ParseDuration, TakesPrometheussUnitsFromLargeToSmall) {
  EXPECT_EQ(ParseDuration("1d12h"), 129'600'000'000'000);
  EXPECT_EQ(ParseDuration("1y2w"), 32'745'600'000'000'000);
  EXPECT_EQ(ParseDuration("12h1d"), std::nullopt);
  EXPECT_EQ(ParseDuration("1.5d"), std::nullopt);
}

TEST(ParseDuration, TakesGosUnitsWithFractions) {
  EXPECT_EQ(ParseDuration("1.5s"), 1'500'000'000);
  EXPECT_EQ(ParseDuration("1s1.5h"), 5'401'000'000'000);
  EXPECT_EQ(ParseDuration("2us"), 2'000);
  EXPECT_EQ(ParseDuration("2\xC2\xB5s"), 2'000);
  EXPECT_EQ(ParseDuration("0.000000001s"), 1);
  EXPECT_EQ(ParseDuration("1d1us"), std::nullopt);
}

TEST(ParseDuration, RefusesWhatIsNoneOrTooLong) {
  EXPECT_EQ(ParseDuration(""), std::nullopt);
  EXPECT_EQ(ParseDuration("1"), std::nullopt);
  EXPECT_EQ(ParseDuration("s"), std::nullopt);
  EXPECT_EQ(ParseDuration("293y"), std::nullopt);
}

}  // namespace
}  // namespace clew::traceql
