// SPDX-License-Identifier: Apache-2.0
#include "parquet/bloom_filter.h"

#include <gmock/gmock.h>

#include <array>
#include <bit>
#include <cstring>
#include <random>
#include <string>

namespace clew::parquet {
namespace {

std::string PlainOf(uint64_t number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

// Which bit of each word of a block is set.
std::array<int, 8> BitsOf(std::string_view block) {
  std::array<uint32_t, 8> words{};
  std::memcpy(words.data(), block.data(), sizeof words);
  std::array<int, 8> bits{};
  for (size_t i = 0; i < words.size(); ++i) {
    EXPECT_EQ(std::popcount(words[i]), 1);
    bits[i] = std::countr_zero(words[i]);
  }
  return bits;
}

// XXH64 of "" and "abc", as xxHash publishes them, are ef46db3751d8e999 and 44bc2cf5ad770999;
// the bits follow from the low half by the format's multiplications, done apart from this code.
TEST(BloomFilter, SetsTheBitsThatTheFormatSays) {
  BloomFilter of_abc = BloomFilter::ForValues(1, 8);
  of_abc.Add("abc");
  EXPECT_THAT(BitsOf(of_abc.bytes()), testing::ElementsAre(13, 11, 23, 21, 6, 14, 29, 29));
  BloomFilter of_empty = BloomFilter::ForValues(1, 8);
  of_empty.Add("");
  EXPECT_THAT(BitsOf(of_empty.bytes()), testing::ElementsAre(29, 0, 25, 28, 14, 22, 29, 30));
}

TEST(BloomFilter, ChoosesTheBlockByTheHighHalf) {
  BloomFilter filter = BloomFilter::ForValues(128, 8);
  filter.Add("abc");
  filter.Add("");
  ASSERT_EQ(filter.bytes().size(), 128);
  EXPECT_EQ(filter.bytes().substr(0, 32), std::string(32, '\0'));
  EXPECT_THAT(BitsOf(filter.bytes().substr(32, 32)),
              testing::ElementsAre(13, 11, 23, 21, 6, 14, 29, 29));
  EXPECT_EQ(filter.bytes().substr(64, 32), std::string(32, '\0'));
  EXPECT_THAT(BitsOf(filter.bytes().substr(96, 32)),
              testing::ElementsAre(29, 0, 25, 28, 14, 22, 29, 30));
}

TEST(BloomFilter, HasRoomForItsValuesInAPowerOfTwo) {
  EXPECT_EQ(BloomFilter::ForValues(0, 10).bytes().size(), 32);
  EXPECT_EQ(BloomFilter::ForValues(25, 10).bytes().size(), 32);
  EXPECT_EQ(BloomFilter::ForValues(26, 10).bytes().size(), 64);
  EXPECT_EQ(BloomFilter::ForValues(1024, 8).bytes().size(), 1024);
  EXPECT_EQ(BloomFilter::ForValues(1025, 8).bytes().size(), 2048);
  EXPECT_EQ(BloomFilter::ForValues(~uint64_t{0}, ~uint32_t{0}).bytes().size(), 128U << 20);
}

TEST(BloomFilter, FindsAllItsValuesAndFewOthers) {
  constexpr uint64_t kValues = 20000;
  BloomFilter filter = BloomFilter::ForValues(kValues, 10);
  std::mt19937_64 random(1);
  for (uint64_t i = 0; i < kValues; ++i) filter.Add(PlainOf(random()));

  random.seed(1);
  for (uint64_t i = 0; i < kValues; ++i) {
    ASSERT_TRUE(MayContain(filter.bytes(), PlainOf(random())));
  }
  uint64_t wrong = 0;
  for (uint64_t i = 0; i < kValues; ++i) wrong += MayContain(filter.bytes(), PlainOf(random()));
  EXPECT_LT(wrong, kValues / 50);
}

TEST(BloomFilter, MayContainAllWhenItsBitsetIsNone) {
  EXPECT_TRUE(MayContain("", "abc"));
  EXPECT_TRUE(MayContain(std::string(31, '\0'), "abc"));
  EXPECT_TRUE(MayContain(std::string(33, '\0'), "abc"));
  EXPECT_FALSE(MayContain(std::string(32, '\0'), "abc"));
  EXPECT_FALSE(MayContain(std::string(96, '\0'), "abc"));
}

}  // namespace
}  // namespace clew::parquet
