// SPDX-License-Identifier: Apache-2.0
#include "traceql/lenient.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "traceql/corpus_fixture.h"
#include "traceql/print.h"

namespace clew::traceql {
namespace {

// The matchers kept; "anything" when none is.
std::string Kept(std::string_view text) {
  const std::optional<FieldExpr> kept = ParseLenient(text);
  return kept ? Print(*kept) : "anything";
}

TEST(ParseLenient, KeepsAllOfAWholeFilter) {
  EXPECT_EQ(Kept("{ .a = \"x\" && span.b > 1 }"), ".a = \"x\" && span.b > 1");
  EXPECT_EQ(Kept("{ .a = 1 || .b = 2 }"), ".a = 1 || .b = 2");
  EXPECT_EQ(Kept("{ (.a = 1 || .b = 2) && !(.c = 3) }"), "(.a = 1 || .b = 2) && !(.c = 3)");
}

TEST(ParseLenient, LeavesOutWhatIsHalfTyped) {
  EXPECT_EQ(Kept("{ .a = \"x\" && span. }"), ".a = \"x\"");
  EXPECT_EQ(Kept("{ .a = \"x\" && .b = }"), ".a = \"x\"");
  EXPECT_EQ(Kept("{ .a = \"x\" && .b }"), ".a = \"x\"");
  EXPECT_EQ(Kept("{ .a = \"x\" && .b = \"y"), ".a = \"x\"");
  EXPECT_EQ(Kept("{ .b = && .a = \"x\" && "), ".a = \"x\"");
  EXPECT_EQ(Kept("{ (.a = 1 && .b"), ".a = 1");
  EXPECT_EQ(Kept("{ foo = 1 && .a = 1 }"), ".a = 1");
  EXPECT_EQ(Kept("{ .a =~ \"[\" && .b = 1 }"), ".b = 1");
}

TEST(ParseLenient, LeavesOutWhatMayBeTheBeginningOfAComparison) {
  EXPECT_EQ(Kept("{ .a = 1 && .b + .c }"), ".a = 1");
  EXPECT_EQ(Kept("{ .a = 1 && -.b }"), ".a = 1");
  EXPECT_EQ(Kept("{ .a = 1 && !.b }"), ".a = 1");
  EXPECT_EQ(Kept("{ .a = 1 && duration * 2 }"), ".a = 1");
}

TEST(ParseLenient, TakesChainsOfAnyLength) {
  std::string chain = ".a = 1";
  for (int i = 0; i < 1'000; ++i) chain += " || .a = 2";
  EXPECT_EQ(Kept("{ " + chain + " }"), chain);
}

TEST(ParseLenient, LeavesOutRegexesThatWouldBeTooLargeTogether) {
  std::string query = "{ .b = 1";
  for (int i = 0; i < 5'000; ++i) query += " && .a =~ `\\pL{10}`";
  EXPECT_THAT(Kept(query + " }"), testing::StartsWith(".b = 1 && .a =~"));
  EXPECT_LT(Kept(query + " }").size(), 100U);
}

TEST(ParseLenient, NarrowsNothingBesideAHalfTypedOr) {
  EXPECT_EQ(Kept("{ .a = 1 || .b = }"), "anything");
  EXPECT_EQ(Kept("{ (.a = 1 || .b = ) && .c = 2 }"), ".c = 2");
}

TEST(ParseLenient, NarrowsNothingWithoutOneFilter) {
  EXPECT_EQ(Kept(""), "anything");
  EXPECT_EQ(Kept("{ .a = }"), "anything");
  EXPECT_EQ(Kept("{ }"), "anything");
  EXPECT_EQ(Kept("foo"), "anything");
  EXPECT_EQ(Kept("{ .a = 1 } && { .b = 2 }"), "anything");
}

TEST(ParseLenient, TakesWhateverIsTyped) {
  for (const std::string_view query : ValidQueries()) {
    for (size_t i = 0; i <= query.size(); ++i) {
      const std::string kept = Kept(query.substr(0, i));
      if (kept == "anything") continue;
      EXPECT_EQ(ResultOf("{ " + kept + " }"), "ok") << kept;
    }
  }
}

}  // namespace
}  // namespace clew::traceql
