// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <gtest/gtest.h>

#include <string>

namespace clew::base {
namespace {

TEST(SameBytes, SeesADifferenceInEveryByteOfEveryLength) {
  for (size_t size = 0; size < 80; ++size) {
    std::string text;
    for (size_t i = 0; i < size; ++i) text.push_back(static_cast<char>('a' + i % 26));
    EXPECT_TRUE(SameBytes(text, std::string(text))) << size;
    EXPECT_FALSE(SameBytes(text, text + "x")) << size;
    for (size_t i = 0; i < size; ++i) {
      std::string other = text;
      other[i] = '!';
      EXPECT_FALSE(SameBytes(text, other)) << size << " " << i;
    }
  }
}

}  // namespace
}  // namespace clew::base
