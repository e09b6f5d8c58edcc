// SPDX-License-Identifier: Apache-2.0
#include "query/eval/required_literal.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>
#include <string>

namespace clew::query {
namespace {

TEST(RequiredLiteral, IsTheLongestRunThatNoMatchIsWithout) {
  EXPECT_EQ(RequiredLiteral("checkout"), "checkout");
  EXPECT_EQ(RequiredLiteral("/api/.*/orders/[0-9]+"), "/orders/");
  EXPECT_EQ(RequiredLiteral("a\\.b+c"), "a.b");
  EXPECT_EQ(RequiredLiteral("abc?def"), "def");
  EXPECT_EQ(RequiredLiteral("x{2}yz"), "yz");
  EXPECT_EQ(RequiredLiteral("(foo|bar)baz"), "baz");
  EXPECT_EQ(RequiredLiteral("[^]abc]d"), "d");
  EXPECT_EQ(RequiredLiteral("[[:alpha:]]+-id"), "-id");
  EXPECT_EQ(RequiredLiteral("/users/\\d+/cart"), "/users/");
}

TEST(RequiredLiteral, IsEmptyWhereItIsNotPlainToSee) {
  EXPECT_EQ(RequiredLiteral(""), "");
  EXPECT_EQ(RequiredLiteral("a|b"), "");
  EXPECT_EQ(RequiredLiteral("(?i)checkout"), "");
  EXPECT_EQ(RequiredLiteral("\\Qa.b\\E"), "");
  EXPECT_EQ(RequiredLiteral("\\x{41}bc"), "");
  EXPECT_EQ(RequiredLiteral(".*"), "");
  EXPECT_EQ(RequiredLiteral("ä?b"), "");
  EXPECT_EQ(RequiredLiteral("msg={.*|timeout"), "");
  EXPECT_EQ(RequiredLiteral("x[[:]|b"), "");
}

// Of random expressions and texts: what matches has it.
TEST(RequiredLiteral, IsInAllThatMatches) {
  std::mt19937 random(11);
  const std::string pieces[] = {"a", "b", "ab",  ".",    "\\.",   "*",          "+",
                                "?", "(", ")",   "|",    "[ab]",  "{2}",        "[^a]",
                                "^", "$", "\\d", "{1,}", "{",     "}",          "[",
                                "]", ":", "\\[", "a+",   "(a|b)", "[[:alpha:]]"};
  int matched = 0;
  for (int round = 0; round < 60000; ++round) {
    std::string pattern;
    for (size_t i = 1 + random() % 6; i > 0; --i) pattern += pieces[random() % std::size(pieces)];
    const RE2 regex(pattern, RE2::Quiet);
    if (!regex.ok()) continue;
    const std::string literal = RequiredLiteral(pattern);
    for (int text_round = 0; text_round < 10; ++text_round) {
      std::string text;
      for (size_t i = random() % 7; i > 0; --i) text += "ab.1{}[:"[random() % 8];
      if (!RE2::FullMatch(text, regex)) continue;
      ++matched;
      EXPECT_NE(text.find(literal), std::string::npos) << pattern << " " << text << " " << literal;
    }
  }
  EXPECT_GT(matched, 5000);
}

}  // namespace
}  // namespace clew::query
