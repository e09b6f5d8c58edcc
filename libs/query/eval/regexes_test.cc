// SPDX-License-Identifier: Apache-2.0
#include "query/eval/regexes.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace clew::query {
namespace {

// Many texts at once and one by one are the same, whether few or many have what all matches have,
// and where a text ends with the half of it that the next goes on with.
TEST(Regex, MatchesManyTextsAsItMatchesOne) {
  std::mt19937 random(5);
  const std::string patterns[] = {"/api/.*/1[0-9]*", ".*/1.*", ".*[0-9]a+", "(?i).*A/1", "a?", "",
                                  "\\bapi.*",        ".*11"};
  const std::string pieces[] = {"/api/", "/", "1", "a", "2", ""};
  size_t matched = 0;
  for (int round = 0; round < 300; ++round) {
    parquet::ByteArrays texts;
    for (size_t left = random() % 400; left > 0; --left) {
      std::string text;
      // Those with the rare ones come late, after the first have told what is rare.
      const size_t kinds = left > 150 ? std::size(pieces) - 3 : std::size(pieces);
      for (size_t i = random() % 7; i > 0; --i) text += pieces[random() % kinds];
      texts.push_back(text);
    }
    for (const std::string& pattern : patterns) {
      const Regex regex(pattern);
      ASSERT_TRUE(regex.ok());
      const std::vector<uint8_t> all = regex.MatchAll(texts);
      ASSERT_EQ(all.size(), texts.size());
      for (size_t i = 0; i < all.size(); ++i) {
        ASSERT_EQ(all[i] != 0, regex.Matches(texts[i])) << pattern << " on " << texts[i];
        matched += all[i];
      }
    }
  }
  EXPECT_GT(matched, 10'000u);
}

}  // namespace
}  // namespace clew::query
