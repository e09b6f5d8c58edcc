// SPDX-License-Identifier: Apache-2.0
#include "base/text_search.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace clew::base {
namespace {

TEST(FindText, FindsTheFirstFromAPlaceOn) {
  const std::string all = "/api/v1/users/17/orders/1";
  EXPECT_EQ(FindText(all, "/1"), 13u);
  EXPECT_EQ(FindText(all, "/1", 14), 23u);
  EXPECT_EQ(FindText(all, "/1", 24), std::string_view::npos);
  EXPECT_EQ(FindText(all, all), 0u);
  EXPECT_EQ(FindText(all, all + "0"), std::string_view::npos);
  EXPECT_EQ(FindText("", "a"), std::string_view::npos);
}

TEST(FindText, AgreesWithTheStandardLibrary) {
  std::mt19937 random(3);
  for (int round = 0; round < 20000; ++round) {
    std::string all(random() % 90, 'a');
    for (char& c : all) c = "aaab\xff\0"[random() % 6];
    std::string text(1 + random() % 4, 'a');
    for (char& c : text) c = "aab\xff\0"[random() % 5];
    const size_t from = random() % (all.size() + 2);
    ASSERT_EQ(FindText(all, text, from), all.find(text, from)) << all << " " << text << " " << from;
  }
}

}  // namespace
}  // namespace clew::base
