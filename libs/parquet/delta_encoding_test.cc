// SPDX-License-Identifier: Apache-2.0
#include "parquet/delta_encoding.h"

#include <gmock/gmock.h>

#include <cstdint>
#include <limits>
#include <random>

#include "base/varint.h"
#include "parquet/bit_packing.h"
#include "parquet/byte_array_encoding.h"

namespace clew::parquet {
namespace {

using base::ErrorCode;
using testing::ElementsAre;

std::string operator""_bytes(const char* text, size_t size) {
  return {text, size};
}

template <typename Integer>
std::string Delta(const std::vector<Integer>& values) {
  std::string bytes;
  EncodeDelta<Integer>(values, bytes);
  return bytes;
}

template <typename Integer>
base::Result<std::vector<Integer>> FromDelta(std::string_view bytes, size_t count) {
  return DecodeDelta<Integer>(bytes, count);
}

ByteArrays ArraysOf(const std::vector<std::string_view>& texts) {
  ByteArrays arrays;
  for (const std::string_view text : texts) arrays.push_back(text);
  return arrays;
}

// The examples of the format's documentation: 1 to 5, and 7 5 3 1 2 3 4 5.
const std::string kOneToFive = "\x80\x01\x04\x05\x02\x02\x00\x00\x00\x00"_bytes;
const std::string kDownAndUp =
    "\x80\x01\x04\x08\x0e\x03\x02\x00\x00\x00\xc0\x3f\x00\x00\x00\x00\x00\x00"_bytes;

TEST(Delta, IsThatOfTheFormatsExamples) {
  EXPECT_EQ(Delta<int32_t>({1, 2, 3, 4, 5}), kOneToFive);
  EXPECT_EQ(Delta<int64_t>({7, 5, 3, 1, 2, 3, 4, 5}), kDownAndUp);
  EXPECT_THAT(FromDelta<int64_t>(kOneToFive, 5).value(), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(FromDelta<int32_t>(kDownAndUp, 8).value(), ElementsAre(7, 5, 3, 1, 2, 3, 4, 5));
}

TEST(Delta, WrapsAround) {
  constexpr int32_t kMin = std::numeric_limits<int32_t>::min();
  constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
  // The difference of the smallest number to the largest is 1 in 32 bits.
  EXPECT_EQ(Delta<int32_t>({kMax, kMin}),
            "\x80\x01\x04\x02\xfe\xff\xff\xff\x0f\x02\x00\x00\x00\x00"_bytes);
  const std::vector<int64_t> extremes = {
      std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(), 0, -1, 1,
      std::numeric_limits<int64_t>::min()};
  EXPECT_EQ(FromDelta<int64_t>(Delta(extremes), extremes.size()).value(), extremes);
}

TEST(Delta, TakesItsOwnBytesAndLeavesTheRest) {
  const std::string bytes = kDownAndUp + "rest";
  std::string_view left = bytes;
  EXPECT_EQ(DecodeDelta<int32_t>(left, 8).value().size(), 8U);
  EXPECT_EQ(left, "rest");
}

TEST(Delta, OfNothingIsAHeaderOrNothing) {
  EXPECT_EQ(Delta<int32_t>({}), "\x80\x01\x04\x00\x00"_bytes);
  EXPECT_THAT(FromDelta<int32_t>(Delta<int32_t>({}), 0).value(), ElementsAre());
  EXPECT_THAT(FromDelta<int32_t>("", 0).value(), ElementsAre());
}

TEST(Delta, ReadsBlocksOfOtherShapes) {
  // 256 values in two miniblocks of 128; of the second, which is not needed, any width.
  std::string bytes = "\x80\x02\x02\x64\x00\x02\x01\xff"_bytes;
  const std::vector<uint64_t> extra(128, 1);
  PackBits(extra.data(), extra.size(), 1, bytes);
  std::vector<int64_t> expected(100);
  for (size_t i = 0; i < expected.size(); ++i) expected[i] = static_cast<int64_t>(2 * i);
  EXPECT_EQ(FromDelta<int64_t>(bytes, 100).value(), expected);
}

TEST(Delta, ReadsDifferencesOf32BitNumbersThatTakeMore) {
  // DuckDB's: 0, the smallest and the largest number, with a smallest difference of -2^31.
  std::string bytes = "\x80\x01\x04\x03\x00\xff\xff\xff\xff\x0f\x21\x00\x00\x00"_bytes;
  std::vector<uint64_t> differences(32);
  differences[1] = (uint64_t{1} << 32) - 1 + (uint64_t{1} << 31);
  PackBits(differences.data(), differences.size(), 33, bytes);
  EXPECT_THAT(
      FromDelta<int32_t>(bytes, 3).value(),
      ElementsAre(0, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()));
}

TEST(Delta, RefusesWrongShapesAndCounts) {
  for (const std::string& bytes : {
           "\x00\x04\x05\x02\x02\x00\x00\x00\x00"_bytes,                  // blocks of none
           "\x64\x04\x05\x02\x02\x00\x00\x00\x00"_bytes,                  // of 100
           "\x80\x01\x00\x05\x02\x02\x00\x00\x00\x00"_bytes,              // no miniblocks
           "\x80\x01\x03\x05\x02\x02\x00\x00\x00\x00"_bytes,              // three
           "\x80\x01\x08\x05\x02\x02\x00\x00\x00\x00"_bytes,              // of 16 values
           "\x80\x01\x04\x06\x02\x02\x00\x00\x00\x00"_bytes,              // six values
           "\x80\x80\x80\x80\x10\x04\x05\x02\x02\x00\x00\x00\x00"_bytes,  // blocks of 2^32
           "\x80\x01\x04\x05\x02\x02\x41\x00\x00\x00"_bytes,              // 65 bits
       }) {
    // Long enough whatever it is taken for.
    const auto decoded = FromDelta<int32_t>(bytes + std::string(200, '\0'), 5);
    ASSERT_FALSE(decoded.ok()) << bytes.size();
    EXPECT_EQ(decoded.error().code, ErrorCode::kCorruption);
  }
}

template <typename Integer>
class DeltaOf : public testing::Test {};
using Integers = testing::Types<int32_t, int64_t>;
TYPED_TEST_SUITE(DeltaOf, Integers);

TYPED_TEST(DeltaOf, ComesBackForEveryWidthAndManyCounts) {
  using Unsigned = std::make_unsigned_t<TypeParam>;
  std::mt19937_64 random(17);
  for (uint32_t width = 0; width <= 8 * sizeof(TypeParam); ++width) {
    for (const size_t count : {1U, 2U, 32U, 33U, 34U, 128U, 129U, 130U, 257U, 1000U}) {
      std::vector<TypeParam> values(count);
      auto value = static_cast<Unsigned>(random());
      for (TypeParam& next : values) {
        value += width == 0 ? 7 : static_cast<Unsigned>(random() >> (64 - width));
        next = static_cast<TypeParam>(value);
      }
      ASSERT_EQ(FromDelta<TypeParam>(Delta(values), count).value(), values)
          << width << " " << count;
    }
  }
}

TEST(Varint, ComesBackAtEveryBoundary) {
  for (uint32_t bits = 0; bits < 64; ++bits) {
    for (const uint64_t value : {(uint64_t{1} << bits) - 1, uint64_t{1} << bits, ~uint64_t{0}}) {
      std::string bytes;
      base::AppendVarint(bytes, value);
      std::string_view left = bytes;
      EXPECT_EQ(base::TakeVarint(left), value);
      EXPECT_TRUE(left.empty());
      EXPECT_EQ(base::ToZigzag(base::FromZigzag(value)), value);
    }
  }
  std::string_view too_long = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02";
  EXPECT_EQ(base::TakeVarint(too_long), std::nullopt);
}

TEST(DeltaLength, IsThatOfTheFormatsExample) {
  const ByteArrays words = ArraysOf({"Hello", "World", "Foobar", "ABCDEF"});
  const std::string expected =
      "\x80\x01\x04\x04\x0a\x00\x01\x00\x00\x00\x02\x00\x00\x00HelloWorldFoobarABCDEF"_bytes;
  std::string bytes;
  EncodeDeltaLength(words, 0, words.size(), bytes);
  EXPECT_EQ(bytes, expected);
  EXPECT_EQ(DecodeDeltaLength(expected, 4).value(), words);
}

TEST(DeltaLength, RefusesNegativeLengthsAndMissingBytes) {
  EXPECT_EQ(DecodeDeltaLength(Delta<int32_t>({2, -1, 2}) + "abcd", 3).error().code,
            ErrorCode::kCorruption);
  EXPECT_EQ(DecodeDeltaLength(Delta<int32_t>({2, 3}) + "abcd", 2).error().code,
            ErrorCode::kCorruption);
  EXPECT_EQ(DecodeDeltaLength(Delta<int32_t>({2, 2}) + "abcd", 2).value(), ArraysOf({"ab", "cd"}));
}

TEST(DeltaByteArray, IsThatOfTheFormatsExample) {
  const std::string bytes = "\x80\x01\x04\x04\x00\x03\x03\x00\x00\x00\x44\x01"_bytes +
                            std::string(10, '\0') +
                            "\x80\x01\x04\x04\x08\x03\x03\x00\x00\x00\x70"_bytes +
                            std::string(11, '\0') + "axislebabbleyhood";
  EXPECT_EQ(DecodeDeltaByteArray(bytes, 4).value(),
            ArraysOf({"axis", "axle", "babble", "babyhood"}));
}

TEST(DeltaByteArray, RefusesAPrefixLongerThanTheValueBefore) {
  const std::string suffixes = Delta<int32_t>({2, 1}) + "abc";
  EXPECT_EQ(DecodeDeltaByteArray(Delta<int32_t>({0, 2}) + suffixes, 2).value(),
            ArraysOf({"ab", "abc"}));
  for (const auto& prefixes : {std::vector<int32_t>{0, 3}, {1, 0}, {0, -1}}) {
    EXPECT_EQ(DecodeDeltaByteArray(Delta(prefixes) + suffixes, 2).error().code,
              ErrorCode::kCorruption);
  }
}

TEST(DeltaByteArray, RefusesValuesOfAGibibyte) {
  constexpr size_t kCount = 20000;
  std::vector<int32_t> prefixes(kCount, 100000);
  std::vector<int32_t> lengths(kCount, 0);
  prefixes[0] = 0;
  lengths[0] = 100000;
  const std::string bytes = Delta(prefixes) + Delta(lengths) + std::string(100000, 'a');
  EXPECT_EQ(DecodeDeltaByteArray(bytes, kCount).error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace clew::parquet
