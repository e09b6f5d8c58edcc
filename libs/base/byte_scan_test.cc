// SPDX-License-Identifier: Apache-2.0
#include "base/byte_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace clew::base {
namespace {

template <uint8_t limit>
bool Naive(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<uint8_t>(c);
    return byte < limit || byte == 0x7f;
  });
}

TEST(HasControl, FindsEachByteAtEachPlace) {
  for (size_t length = 1; length < 20; ++length) {
    for (size_t at = 0; at < length; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(length, 'x');
        text[at] = static_cast<char>(byte);
        ASSERT_EQ(HasControl<0x20>(text), Naive<0x20>(text)) << length << ' ' << at << ' ' << byte;
        ASSERT_EQ(HasControl<0x21>(text), Naive<0x21>(text)) << length << ' ' << at << ' ' << byte;
      }
    }
  }
  EXPECT_FALSE(HasControl<0x20>(""));
}

TEST(HasControl, AgreesWithALoopOnRandomText) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 40, '\0');
    for (char& c : text) c = static_cast<char>(0x1e + random() % 0x63);
    ASSERT_EQ(HasControl<0x20>(text), Naive<0x20>(text));
    ASSERT_EQ(HasControl<0x21>(text), Naive<0x21>(text));
  }
}

}  // namespace
}  // namespace clew::base
