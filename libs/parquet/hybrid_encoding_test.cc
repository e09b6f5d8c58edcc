// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <random>

#include "parquet/encoding.h"

namespace clew::parquet {
namespace {

using base::ErrorCode;
using testing::ElementsAre;
using testing::SizeIs;

std::string Hybrid(const std::vector<uint32_t>& values, uint32_t width) {
  std::string bytes;
  EncodeHybrid(values, width, bytes);
  return bytes;
}

// Runs of random lengths, some of one number and some of any.
std::vector<uint32_t> RandomRuns(size_t count, uint32_t largest, std::mt19937& random) {
  std::uniform_int_distribution<uint32_t> number(0, largest);
  std::vector<uint32_t> values;
  while (values.size() < count) {
    const size_t length = std::min<size_t>(1 + random() % 60, count - values.size());
    if (random() % 2 == 0) {
      values.insert(values.end(), length, number(random));
    } else {
      for (size_t i = 0; i < length; ++i) values.push_back(number(random));
    }
  }
  return values;
}

uint32_t LargestOf(uint32_t width) {
  return width == 0 ? 0 : ~uint32_t{0} >> (32 - width);
}

TEST(Hybrid, PacksAsTheFormatDraws) {
  EXPECT_EQ(Hybrid({0, 1, 2, 3, 4, 5, 6, 7}, 3), "\x03\x88\xc6\xfa");
  EXPECT_THAT(DecodeHybrid("\x03\x88\xc6\xfa", 3, 8).value(), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
}

TEST(Hybrid, WritesARunOfOneNumberOnce) {
  const std::vector<uint32_t> sevens(100, 0x207);
  EXPECT_EQ(Hybrid(sevens, 10), std::string("\xc8\x01\x07\x02", 4));
  EXPECT_EQ(DecodeHybrid(std::string("\xc8\x01\x07\x02", 4), 10, 100).value(), sevens);
}

TEST(Hybrid, MixesRuns) {
  std::vector<uint32_t> values = {1, 2, 3, 0, 1, 2, 3, 0};
  values.insert(values.end(), 24, 2);
  values.push_back(3);
  EXPECT_EQ(Hybrid(values, 2), std::string("\x03\x39\x39\x30\x02\x03\x03\x00", 8));
  EXPECT_EQ(DecodeHybrid(Hybrid(values, 2), 2, 33).value(), values);
}

TEST(Hybrid, IsNotLongerThanAllPackedAndAHeader) {
  std::mt19937 random(3);
  for (uint32_t width = 1; width <= 32; ++width) {
    for (size_t count = 8; count < 400; count += 8) {
      const std::vector<uint32_t> values = RandomRuns(count, LargestOf(width), random);
      EXPECT_LE(Hybrid(values, width).size(), count * width / 8 + 2) << width << " " << count;
    }
  }
}

TEST(Hybrid, ComesBackForEveryWidthAndCount) {
  std::mt19937 random(5);
  for (uint32_t width = 0; width <= 32; ++width) {
    for (size_t count = 0; count < 300; ++count) {
      const std::vector<uint32_t> values = RandomRuns(count, LargestOf(width), random);
      ASSERT_EQ(DecodeHybrid(Hybrid(values, width), width, count).value(), values)
          << width << " " << count;
    }
  }
}

TEST(Hybrid, LastPackedRunMayEndBeforeItsGroupIsFull) {
  EXPECT_THAT(DecodeHybrid("\x03\x88\xc6", 3, 5).value(), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_FALSE(DecodeHybrid("\x03\x88\xc6", 3, 6).ok());
}

TEST(Hybrid, MayHoldMoreThanIsWanted) {
  EXPECT_THAT(DecodeHybrid("\x14\x05", 3, 4).value(), ElementsAre(5, 5, 5, 5));
  EXPECT_THAT(DecodeHybrid("\x03\x88\xc6\xfa", 3, 2).value(), ElementsAre(0, 1));
}

TEST(Hybrid, RefusesEmptyRuns) {
  EXPECT_FALSE(DecodeHybrid(std::string("\x00\x05\x14\x05", 4), 3, 4).ok());
  EXPECT_FALSE(DecodeHybrid("\x01\x14\x05", 3, 4).ok());
}

TEST(Hybrid, RefusesWhatIsNotThere) {
  for (const std::string_view bytes : {"", "\x03", "\x03\x88", "\x10", "\xff\xff\xff\xff\xff\x01",
                                       "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x80"}) {
    EXPECT_EQ(DecodeHybrid(bytes, 3, 8).error().code, ErrorCode::kCorruption) << bytes.size();
  }
  EXPECT_FALSE(DecodeHybrid("\x10\x08", 3, 8).ok());  // 8 does not fit three bits
  EXPECT_FALSE(DecodeHybrid("\x10\x07", 33, 8).ok());
}

TEST(Levels, ComeBackForEveryHighest) {
  std::mt19937 random(5);
  for (uint32_t highest = 1; highest <= 255; ++highest) {
    const std::vector<uint32_t> wide = RandomRuns(200, highest, random);
    const std::vector<uint8_t> levels(wide.begin(), wide.end());
    std::string bytes;
    EncodeLevels(levels, static_cast<uint8_t>(highest), bytes);
    ASSERT_EQ(DecodeLevels(bytes, static_cast<uint8_t>(highest), 200).value(), levels);
  }
}

TEST(Levels, AreAtMostTheHighest) {
  EXPECT_THAT(DecodeLevels("\x10\x02", 2, 8).value(), SizeIs(8));
  EXPECT_FALSE(DecodeLevels("\x10\x03", 2, 8).ok());
  EXPECT_FALSE(DecodeLevels("\x03\xff\xff", 2, 8).ok());
}

TEST(Levels, AreOfSoManyEntriesAndOfNoMore) {
  std::mt19937 random(6);
  for (size_t count = 0; count < 100; ++count) {
    const std::vector<uint32_t> wide = RandomRuns(count, 3, random);
    std::vector<uint8_t> levels(wide.begin(), wide.end());
    if (!levels.empty()) levels.back() = 1;
    std::string bytes;
    EncodeLevels(levels, 3, bytes);
    EXPECT_TRUE(AreLevelsOf(bytes, 3, count));
    for (size_t other = 0; other < count; ++other) EXPECT_FALSE(AreLevelsOf(bytes, 3, other));
    EXPECT_FALSE(AreLevelsOf(bytes, 3, count + 8));
    EXPECT_FALSE(AreLevelsOf(bytes + '\0', 3, count));
  }
}

TEST(Levels, OfAColumnThatHasNoneAreZeroAndNotStored) {
  std::string bytes;
  EncodeLevels(std::vector<uint8_t>(3), 0, bytes);
  EXPECT_EQ(bytes, "");
  EXPECT_EQ(DecodeLevels("", 0, 3).value(), std::vector<uint8_t>(3));
}

TEST(Codes, BeginWithTheirWidth) {
  std::string bytes;
  EncodeCodes(std::vector<uint32_t>{0, 1, 2, 3, 4, 5, 6, 7}, 3, bytes);
  EXPECT_EQ(bytes, "\x03\x03\x88\xc6\xfa");
}

TEST(Codes, OfADictionaryOfOneHaveABit) {
  std::string bytes;
  EncodeCodes(std::vector<uint32_t>(9), WidthOfCodes(1), bytes);
  EXPECT_EQ(bytes, std::string("\x01\x05\x00\x00", 4));
  EXPECT_EQ(DecodeCodes(bytes, 1, 9).value(), std::vector<uint32_t>(9));
}

TEST(Codes, ComeBackForEverySizeOfADictionary) {
  std::mt19937 random(11);
  for (const uint32_t size : {1U, 2U, 3U, 4U, 5U, 100U, 127U, 128U, 129U, 255U, 256U, 257U, 65535U,
                              65536U, 65537U, 1U << 31, (1U << 31) + 1, ~0U}) {
    const std::vector<uint32_t> codes = RandomRuns(500, size - 1, random);
    std::string bytes;
    EncodeCodes(codes, WidthOfCodes(size), bytes);
    ASSERT_EQ(DecodeCodes(bytes, size, 500).value(), codes) << size;
  }
}

TEST(Codes, MayHaveMoreBitsThanTheyNeed) {
  std::mt19937 random(17);
  const std::vector<uint32_t> codes = RandomRuns(500, 99, random);
  for (const uint32_t width : {7U, 8U, 9U, 16U, 32U}) {
    std::string bytes;
    EncodeCodes(codes, width, bytes);
    EXPECT_EQ(DecodeCodes(bytes, 100, 500).value(), codes) << width;
  }
}

TEST(Codes, AreBelowTheSizeOfTheDictionary) {
  std::mt19937 random(13);
  for (const uint32_t size : {2U, 3U, 100U, 1U << 31, (1U << 31) + 1, ~0U}) {
    for (const size_t wrong_at : {0U, 7U, 8U, 63U, 499U}) {
      std::vector<uint32_t> codes = RandomRuns(500, size - 1, random);
      codes[wrong_at] = size;
      std::string bytes = "\x20";
      EncodeHybrid(codes, 32, bytes);
      EXPECT_EQ(DecodeCodes(bytes, size, 500).error().code, ErrorCode::kCorruption) << size;
    }
    std::string run = "\x20";
    EncodeHybrid(std::vector<uint32_t>(100, size), 32, run);
    EXPECT_FALSE(DecodeCodes(run, size, 100).ok()) << size;
  }
}

TEST(Codes, ThatWrapAroundAreRefused) {
  for (const uint32_t size : {1U, 100U, 1U << 31}) {
    std::vector<uint32_t> codes(16);
    codes[5] = ~uint32_t{0};
    std::string bytes = "\x20";
    EncodeHybrid(codes, 32, bytes);
    EXPECT_FALSE(DecodeCodes(bytes, size, 16).ok()) << size;
  }
}

TEST(Codes, MayBeWiderThanTheDictionaryNeedsOrHaveNoWidth) {
  EXPECT_THAT(DecodeCodes("\x03\x03\x88\xc6\xfa", 200, 8).value(), SizeIs(8));
  EXPECT_EQ(DecodeCodes(std::string(1, '\0'), 5, 3).value(), std::vector<uint32_t>(3));
  EXPECT_THAT(DecodeCodes("", 0, 0).value(), SizeIs(0));
}

TEST(Codes, RefuseNoDictionaryNoWidthAndAWrongWidth) {
  EXPECT_FALSE(DecodeCodes("\x03\x10\x01", 0, 8).ok());
  EXPECT_FALSE(DecodeCodes("", 5, 8).ok());
  EXPECT_FALSE(DecodeCodes("\x21\x10\x01", 5, 8).ok());
}

}  // namespace
}  // namespace clew::parquet
