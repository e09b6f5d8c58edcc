// SPDX-License-Identifier: Apache-2.0
#include "query/eval/byte_automaton.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>
#include <set>
#include <string>
#include <vector>

namespace clew::query {
namespace {

bool Matches(std::string_view pattern, std::string_view text) {
  const auto automaton = ByteAutomaton::Build(pattern);
  EXPECT_TRUE(automaton) << pattern;
  return automaton && automaton->Matches(text);
}

TEST(ByteAutomaton, MatchesWholeTexts) {
  EXPECT_TRUE(Matches("/api/.*/1[0-9]+", "/api/v1/users/17"));
  EXPECT_FALSE(Matches("/api/.*/1[0-9]+", "/api/v1/users/17/"));
  EXPECT_TRUE(Matches("^GET|POST$", "POST"));
  EXPECT_FALSE(Matches("GET|POST", "POSTS"));
  EXPECT_TRUE(Matches("", ""));
  EXPECT_FALSE(Matches("", "a"));
  EXPECT_TRUE(Matches("a.c", "a\nc"));
  EXPECT_TRUE(Matches("(\\w+\\.)+(com|org)", "shop.example.org"));
  EXPECT_TRUE(Matches("x{2,3}", "xxx"));
  EXPECT_FALSE(Matches("x{2,3}", "xxxx"));
}

TEST(ByteAutomaton, DotsAreCharactersAndNotBytes) {
  EXPECT_TRUE(Matches("caf.", "caf\u00e9"));
  EXPECT_TRUE(Matches("..", "\u00e9\U0001F600"));
  EXPECT_FALSE(Matches("..", "\u00e9"));
  EXPECT_TRUE(Matches("[^a]", "\u20ac"));
  EXPECT_TRUE(Matches("\u20ac+", "\u20ac\u20ac"));
}

TEST(ByteAutomaton, LeavesTheRestToOthers) {
  for (const char* pattern :
       {"(?i)a", "\\bword\\b", "a^b", "a$b", "[[:alpha:]]", "\\pL", "\\x41", "a**", "a{1001}", "(",
        ")", "[", "[b-a]", "*", "[\u00e9]", "\\Qa\\E", "a{,2}", "(?P<n>a)", "\xe0\x9e\x93"}) {
    EXPECT_FALSE(ByteAutomaton::Build(pattern)) << pattern;
  }
}

TEST(ByteAutomaton, WhatWouldTakeTooManyStatesIsNotMade) {
  EXPECT_FALSE(ByteAutomaton::Build(".*a.{30}"));
  EXPECT_FALSE(ByteAutomaton::Build("((a{100}){100}){100}"));
}

// What it takes RE2 takes too, and both match the same of random texts.
TEST(ByteAutomaton, AgreesWithRe2) {
  std::mt19937 random(7);
  const std::string pieces[] = {"a",   "b",    "ab",  ".",   "\\.",    "*",      "+",    "?",
                                "(",   ")",    "|",   "(?:", "[ab]",   "[^b]",   "{2}",  "{1,2}",
                                "\\d", "\\W",  "^",   "$",   "\u00e9", "[a-c0]", "[]-]", "[\\s-]",
                                "{",   "{0,}", "\\n", "\\D", "}",      "]",      "-",    ","};
  const std::string letters[] = {"a", "b",  "c", ".",      "0",      "-",
                                 "]", "\n", " ", "\u00e9", "\u20ac", ","};
  int compared = 0;
  int matched = 0;
  for (int round = 0; round < 40000; ++round) {
    std::string pattern;
    for (size_t i = 1 + random() % 8; i > 0; --i) pattern += pieces[random() % std::size(pieces)];
    const auto automaton = ByteAutomaton::Build(pattern);
    if (!automaton) continue;
    RE2::Options options(RE2::Quiet);
    options.set_dot_nl(true);
    const RE2 regex(pattern, options);
    ASSERT_TRUE(regex.ok()) << pattern;
    std::vector<std::string> texts(random() % 40);
    std::set<size_t> matching;
    for (std::string& text : texts) {
      for (size_t left = random() % 6; left > 0; --left)
        text += letters[random() % std::size(letters)];
      const bool match = RE2::FullMatch(text, regex);
      if (match) matching.insert(static_cast<size_t>(&text - texts.data()));
      ASSERT_EQ(automaton->Matches(text), match) << pattern << " on '" << text << "'";
      matched += match;
      ++compared;
    }
    std::set<size_t> found;
    automaton->ForEachMatch(texts, [&](size_t i) { EXPECT_TRUE(found.insert(i).second); });
    ASSERT_EQ(found, matching) << pattern;
  }
  EXPECT_GT(compared, 100'000);
  EXPECT_GT(matched, 10'000);
}

}  // namespace
}  // namespace clew::query
