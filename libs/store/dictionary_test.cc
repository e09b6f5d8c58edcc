// SPDX-License-Identifier: Apache-2.0
#include "store/dictionary.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/published.h"

namespace clew::store {
namespace {

TEST(Dictionary, GivesEqualTextsOneCode) {
  Dictionary dictionary;
  EXPECT_EQ(dictionary.Intern("a"), 0u);
  EXPECT_EQ(dictionary.Intern("b"), 1u);
  EXPECT_EQ(dictionary.Intern("a"), 0u);
  EXPECT_EQ(dictionary.Intern(""), 2u);
  EXPECT_EQ(dictionary.size(), 3u);
  EXPECT_EQ(dictionary[1], "b");
  EXPECT_EQ(dictionary[2], "");
}

TEST(Dictionary, KeepsCodesAndPlacesWhileItGrows) {
  constexpr uint32_t kTexts = 5000;
  Dictionary dictionary;
  dictionary.Intern("text 0");
  const char* const place = dictionary[0].data();
  for (uint32_t i = 0; i < kTexts; ++i) {
    ASSERT_EQ(dictionary.Intern("text " + std::to_string(i)), i);
  }
  for (uint32_t i = 0; i < kTexts; ++i) {
    ASSERT_EQ(dictionary.Intern("text " + std::to_string(i)), i);
    ASSERT_EQ(dictionary[i], "text " + std::to_string(i));
  }
  EXPECT_EQ(dictionary[0].data(), place);
}

// Recent texts are told apart by their ends first.
TEST(Dictionary, FindsARecentTextByAllItsBytes) {
  Dictionary dictionary;
  for (uint32_t i = 0; i < 10'000; ++i) dictionary.Intern(std::to_string(i));
  const std::string text = "12345678-one-12345678";
  EXPECT_EQ(dictionary.FindRecent(text), std::nullopt);
  const uint32_t code = dictionary.InternText(text);
  EXPECT_EQ(dictionary.InternText(text), code);
  EXPECT_EQ(dictionary.FindRecent(text), code);
  EXPECT_EQ(dictionary.FindRecent("12345678-two-12345678"), std::nullopt);
  EXPECT_EQ(dictionary.FindRecent("12345678-one-1234567"), std::nullopt);
  EXPECT_EQ(dictionary.FindRecent(""), std::nullopt);
}

TEST(Dictionary, FindsNoRecentTextThatWasRepaired) {
  Dictionary dictionary;
  for (uint32_t i = 0; i < 10'000; ++i) dictionary.Intern(std::to_string(i));
  const uint32_t code = dictionary.InternText("\xff");
  EXPECT_EQ(dictionary.InternText("\xff"), code);
  EXPECT_EQ(dictionary.FindRecent("\xff"), std::nullopt);
  EXPECT_EQ(dictionary[code], "\xef\xbf\xbd");
}

TEST(Dictionary, KeepsATextLargerThanAnyArena) {
  Dictionary dictionary;
  const std::string large(size_t{1} << 20, 'x');
  dictionary.Intern("before");
  EXPECT_EQ(dictionary[dictionary.Intern(large)], large);
  EXPECT_EQ(dictionary[dictionary.Intern("after")], "after");
  EXPECT_GE(dictionary.size_bytes(), large.size());
}

TEST(Dictionary, TextsDifferAfterAZeroByte) {
  Dictionary dictionary;
  EXPECT_NE(dictionary.Intern(std::string_view("a\0b", 3)),
            dictionary.Intern(std::string_view("a\0c", 3)));
}

TEST(Dictionary, RepairsAndCountsTextFromOutside) {
  Dictionary dictionary;
  EXPECT_EQ(dictionary[dictionary.InternText("caf\xc3\xa9")], "caf\xc3\xa9");
  EXPECT_EQ(dictionary.repaired(), 0u);
  EXPECT_EQ(dictionary[dictionary.InternText("caf\xe9")], "caf\xef\xbf\xbd");
  EXPECT_EQ(dictionary.repaired(), 1u);
  EXPECT_EQ(dictionary[dictionary.Intern("\xff")], "\xff");  // what is no text stays
}

TEST(Dictionary, RepairsStringsInsideArrays) {
  Dictionary dictionary;
  using model::ValueView;
  EXPECT_EQ(dictionary[dictionary.InternNested(ValueView::Array("\x0a\x03\x0a\x01\xff"))],
            "\x0a\x05\x0a\x03\xef\xbf\xbd");
  EXPECT_EQ(dictionary.repaired(), 1u);
}

// A reader sees the text of every code that was published to it.
TEST(Dictionary, ReadersRunBesideTheWriter) {
  constexpr uint32_t kTexts = 20'000;
  Dictionary dictionary;
  base::Published<uint32_t> published;
  bool wrong = false;
  std::thread reader([&] {
    for (uint32_t count = 0; count < kTexts; count = published.Get()) {
      if (count == 0) continue;
      for (const uint32_t code : {count - 1, count / 2}) {
        if (dictionary[code] != std::to_string(code)) wrong = true;
      }
    }
  });
  for (uint32_t i = 0; i < kTexts; ++i) {
    dictionary.Intern(std::to_string(i));
    published.Set(i + 1);
  }
  reader.join();
  EXPECT_FALSE(wrong);
}

}  // namespace
}  // namespace clew::store
