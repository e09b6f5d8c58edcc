// SPDX-License-Identifier: Apache-2.0
#include "query/eval/required_literal.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>
#include <string>
#include <vector>

namespace clew::query {
namespace {

using Texts = std::vector<std::string>;

TEST(RequiredLiterals, AreTheRunsThatNoMatchIsWithout) {
  EXPECT_EQ(RequiredLiterals("checkout"), Texts({"checkout"}));
  EXPECT_EQ(RequiredLiterals("/api/.*/orders/[0-9]+"), Texts({"/orders/", "/api/"}));
  EXPECT_EQ(RequiredLiterals("a\\.b+c"), Texts({"a.b", "c"}));
  EXPECT_EQ(RequiredLiterals("abc?def"), Texts({"def", "ab"}));
  EXPECT_EQ(RequiredLiterals("x{2}yz"), Texts({"yz"}));
  EXPECT_EQ(RequiredLiterals("(foo|bar)baz"), Texts({"baz"}));
  EXPECT_EQ(RequiredLiterals("[^]abc]d"), Texts({"d"}));
  EXPECT_EQ(RequiredLiterals("[[:alpha:]]+-id"), Texts({"-id"}));
  EXPECT_EQ(RequiredLiterals("/users/\\d+/cart"), Texts({"/users/", "/cart"}));
}

TEST(RequiredLiterals, AreNoneWhereTheyAreNotPlainToSee) {
  EXPECT_EQ(RequiredLiterals(""), Texts());
  EXPECT_EQ(RequiredLiterals("a|b"), Texts());
  EXPECT_EQ(RequiredLiterals("(?i)checkout"), Texts());
  EXPECT_EQ(RequiredLiterals("\\Qa.b\\E"), Texts());
  EXPECT_EQ(RequiredLiterals("\\x{41}bc"), Texts());
  EXPECT_EQ(RequiredLiterals(".*"), Texts());
  EXPECT_EQ(RequiredLiterals("ä?b"), Texts());
  EXPECT_EQ(RequiredLiterals("msg={.*|timeout"), Texts());
  EXPECT_EQ(RequiredLiterals("x[[:]|b"), Texts());
}

// Of random expressions and texts: what matches has them.
TEST(RequiredLiterals, AreInAllThatMatches) {
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
    const Texts literals = RequiredLiterals(pattern);
    for (int text_round = 0; text_round < 10; ++text_round) {
      std::string text;
      for (size_t i = random() % 7; i > 0; --i) text += "ab.1{}[:"[random() % 8];
      if (!RE2::FullMatch(text, regex)) continue;
      ++matched;
      for (const std::string& literal : literals) {
        EXPECT_NE(text.find(literal), std::string::npos)
            << pattern << " " << text << " " << literal;
      }
    }
  }
  EXPECT_GT(matched, 5000);
}

}  // namespace
}  // namespace clew::query
