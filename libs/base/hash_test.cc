// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <gtest/gtest.h>

#include <string>

namespace clew::base {
namespace {

TEST(Crc32c, MatchesTheVectorsOfRfc3720) {
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283u);
}

TEST(Crc32c, ContinuesOverPieces) {
  EXPECT_EQ(Crc32c("6789", Crc32c("12345")), Crc32c("123456789"));
}

TEST(Hasher128, IsTheHashOfAllPiecesTogether) {
  const std::string text(1000, 'x');
  Hasher128 hasher;
  EXPECT_EQ(hasher.hash(), HashOf128(""));
  for (size_t size = 0; size < 40; ++size) {
    hasher.Add(std::string_view(text).substr(0, size));
  }
  EXPECT_EQ(hasher.hash(), HashOf128(text.substr(0, 39 * 40 / 2)));
}

}  // namespace
}  // namespace clew::base
