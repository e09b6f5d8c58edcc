// SPDX-License-Identifier: Apache-2.0
// Properties of every encoding of every type, and what each looks like.
#include "parquet/encoding.h"

#include <gmock/gmock.h>

#include <cstring>
#include <limits>
#include <memory>
#include <ostream>
#include <random>

#include "parquet/byte_stream_split.h"

namespace clew::parquet {
namespace {

using base::ErrorCode;

struct Way {
  Type type;
  Encoding encoding;
  uint32_t type_length = 0;
};

std::ostream& operator<<(std::ostream& out, const Way& way) {
  return out << "type " << static_cast<int>(way.type) << " encoding "
             << static_cast<int>(way.encoding) << " length " << way.type_length;
}

constexpr Way kWays[] = {
    {Type::kBoolean, Encoding::kPlain},
    {Type::kBoolean, Encoding::kRle},
    {Type::kInt32, Encoding::kPlain},
    {Type::kInt32, Encoding::kDeltaBinaryPacked},
    {Type::kInt32, Encoding::kByteStreamSplit},
    {Type::kInt64, Encoding::kPlain},
    {Type::kInt64, Encoding::kDeltaBinaryPacked},
    {Type::kInt64, Encoding::kByteStreamSplit},
    {Type::kDouble, Encoding::kPlain},
    {Type::kDouble, Encoding::kByteStreamSplit},
    {Type::kByteArray, Encoding::kPlain},
    {Type::kByteArray, Encoding::kDeltaLengthByteArray},
    {Type::kFixedLenByteArray, Encoding::kPlain, 16},
    {Type::kFixedLenByteArray, Encoding::kPlain, 3},
    {Type::kFixedLenByteArray, Encoding::kByteStreamSplit, 1},
    {Type::kFixedLenByteArray, Encoding::kByteStreamSplit, 4},
    {Type::kFixedLenByteArray, Encoding::kByteStreamSplit, 5},
    {Type::kFixedLenByteArray, Encoding::kByteStreamSplit, 8},
    {Type::kFixedLenByteArray, Encoding::kByteStreamSplit, 16},
};

constexpr size_t kCounts[] = {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 127, 128, 129, 130, 1000};

// What a number may be, from all alike to any bits.
enum class Shape { kSame, kSmall, kRising, kExtreme, kAny };
constexpr Shape kShapes[] = {Shape::kSame, Shape::kSmall, Shape::kRising, Shape::kExtreme,
                             Shape::kAny};

uint64_t NumberOf(Shape shape, size_t i, std::mt19937_64& random) {
  switch (shape) {
    case Shape::kSame:
      return 42;
    case Shape::kSmall:
      return random() % 3;
    case Shape::kRising:
      return 1000 * i + random() % 100;
    case Shape::kExtreme:  // of 32 bits and of 64, and as doubles infinities and NaNs
      return std::array<uint64_t, 6>{
          0x7fffffff80000000, 0x800000007fffffff, 0,
          0x7ff0000000000000, 0xfff8000000000001, 0xffffffffffffffff}[random() % 6];
    case Shape::kAny:
      break;
  }
  return random();
}

Values ValuesOf(const Way& way, Shape shape, size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  Values values = EmptyValues(way.type);
  for (size_t i = 0; i < count; ++i) {
    const uint64_t number = NumberOf(shape, i, random);
    if (auto* booleans = std::get_if<Booleans>(&values)) {
      booleans->values.push_back(number & 1);
    } else if (auto* int32 = std::get_if<std::vector<int32_t>>(&values)) {
      int32->push_back(static_cast<int32_t>(number));
    } else if (auto* int64 = std::get_if<std::vector<int64_t>>(&values)) {
      int64->push_back(static_cast<int64_t>(number));
    } else if (auto* doubles = std::get_if<std::vector<double>>(&values)) {
      doubles->push_back(std::bit_cast<double>(number));
    } else {
      const size_t length = way.type == Type::kByteArray ? number % 70 : way.type_length;
      std::string text(length, '\0');
      for (char& byte : text) byte = static_cast<char>(shape == Shape::kSame ? 'a' : random());
      std::get<ByteArrays>(values).push_back(text);
    }
  }
  return values;
}

std::string Encode(const Way& way, const Values& values, size_t first, size_t count) {
  std::string bytes;
  EncodeValues({.values = values, .type = way.type, .first = first, .count = count}, way.encoding,
               bytes);
  return bytes;
}

// From a copy of exactly these bytes, so that reading past them shows.
base::Result<Values> Decode(const Way& way, std::string_view bytes, size_t count) {
  const auto exact = std::make_unique<char[]>(bytes.size());
  bytes.copy(exact.get(), bytes.size());
  return DecodeValues({.type = way.type,
                       .type_length = way.type_length,
                       .encoding = way.encoding,
                       .count = count,
                       .bytes = {exact.get(), bytes.size()}});
}

// To compare by: NaNs are not equal to each other, their bytes are.
std::string PlainOf(const Way& way, const Values& values) {
  return Encode({way.type, Encoding::kPlain}, values, 0, CountOf(values));
}

TEST(Encodings, GiveBackWhatTheyWereGiven) {
  for (const Way& way : kWays) {
    for (const Shape shape : kShapes) {
      for (const size_t count : kCounts) {
        const Values values = ValuesOf(way, shape, count, count);
        const Values decoded = Decode(way, Encode(way, values, 0, count), count).value();
        ASSERT_EQ(PlainOf(way, decoded), PlainOf(way, values))
            << way << " shape " << static_cast<int>(shape) << " count " << count;
      }
    }
  }
}

TEST(Encodings, GiveAPartAsItIsInAll) {
  for (const Way& way : kWays) {
    const Values all = ValuesOf(way, Shape::kAny, 300, 1);
    const std::string bytes = Encode(way, all, 0, 300);
    for (const Part part : {Part{0, 0}, {300, 0}, {0, 300}, {13, 150}, {299, 1}, {8, 16}}) {
      const EncodedValues encoded{way.type, way.type_length, way.encoding, 300, bytes};
      const Values found = DecodeValuesPart(encoded, part).value();
      EXPECT_EQ(PlainOf(way, found),
                Encode({way.type, Encoding::kPlain}, all, part.first, part.count))
          << way << " first " << part.first << " count " << part.count;
    }
  }
}

TEST(Encodings, AppendARangeAsIfItWereAll) {
  for (const Way& way : kWays) {
    const Values whole = ValuesOf(way, Shape::kAny, 300, 1);
    for (const auto& [first, count] :
         {std::pair<size_t, size_t>{0, 0}, {300, 0}, {0, 150}, {13, 150}, {299, 1}, {150, 150}}) {
      const Values decoded = Decode(way, Encode(way, whole, first, count), count).value();
      EXPECT_EQ(PlainOf(way, decoded), Encode({way.type, Encoding::kPlain}, whole, first, count))
          << way << " first " << first << " count " << count;
    }
    std::string appended = "before";
    EncodeValues({.values = whole, .type = way.type, .first = 5, .count = 50}, way.encoding,
                 appended);
    EXPECT_EQ(appended, "before" + Encode(way, whole, 5, 50)) << way;
  }
}

TEST(Encodings, AreTotalOnTruncatedPages) {
  for (const Way& way : kWays) {
    for (const size_t count : {1U, 9U, 40U, 140U}) {
      const std::string bytes = Encode(way, ValuesOf(way, Shape::kSmall, count, 3), 0, count);
      for (size_t size = 0; size < bytes.size(); ++size) {
        const base::Result<Values> decoded = Decode(way, bytes.substr(0, size), count);
        if (decoded.ok()) {
          ASSERT_EQ(CountOf(decoded.value()), count) << way;
        } else {
          ASSERT_EQ(decoded.error().code, ErrorCode::kCorruption) << way;
        }
      }
      EXPECT_FALSE(Decode(way, "", count).ok()) << way;
    }
  }
}

TEST(Encodings, AreTotalOnPagesWithAFlippedByte) {
  for (const Way& way : kWays) {
    for (const Shape shape : {Shape::kSmall, Shape::kAny}) {
      const std::string bytes = Encode(way, ValuesOf(way, shape, 45, 4), 0, 45);
      for (size_t at = 0; at < bytes.size(); ++at) {
        for (const int mask : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
          std::string flipped = bytes;
          flipped[at] = static_cast<char>(flipped[at] ^ mask);
          const base::Result<Values> decoded = Decode(way, flipped, 45);
          if (decoded.ok()) {
            ASSERT_EQ(CountOf(decoded.value()), 45U) << way;
          }
        }
      }
    }
  }
}

TEST(Encodings, AreTotalOnAnyBytes) {
  std::mt19937_64 random(6);
  for (const Way& way : kWays) {
    for (int i = 0; i < 2000; ++i) {
      std::string bytes(random() % 60, '\0');
      for (char& byte : bytes) byte = static_cast<char>(random() % (i % 2 == 0 ? 256 : 8));
      const size_t count = random() % 50;
      const base::Result<Values> decoded = Decode(way, bytes, count);
      if (decoded.ok()) {
        ASSERT_EQ(CountOf(decoded.value()), count) << way << " round " << i;
      }
    }
  }
}

TEST(Encodings, RefuseMoreValuesThanTheBytesPayFor) {
  for (const Way& way : kWays) {
    if (way.encoding == Encoding::kRle) continue;  // A run is of any length.
    for (const size_t count : {size_t{1000}, size_t{1} << 40, ~size_t{0}}) {
      const std::string bytes = Encode(way, ValuesOf(way, Shape::kSmall, 9, 3), 0, 9);
      EXPECT_FALSE(Decode(way, bytes, count).ok()) << way << " count " << count;
    }
  }
}

TEST(Encodings, NameWhatIsNotKnown) {
  for (const Way way : {Way{Type::kInt96, Encoding::kPlain},
                        {Type::kInt32, Encoding::kRle},
                        {Type::kInt32, Encoding::kRleDictionary},
                        {Type::kInt32, Encoding::kPlainDictionary},
                        {Type::kDouble, Encoding::kDeltaBinaryPacked},
                        {Type::kInt64, Encoding::kDeltaByteArray},
                        {Type::kFixedLenByteArray, Encoding::kDeltaLengthByteArray, 2},
                        {Type::kByteArray, Encoding::kByteStreamSplit},
                        {Type::kInt64, static_cast<Encoding>(4)},
                        {static_cast<Type>(8), Encoding::kPlain}}) {
    EXPECT_EQ(Decode(way, "12345678", 1).error().code, ErrorCode::kUnsupported) << way;
  }
}

TEST(PlainEncoding, LooksAsTheFormatSays) {
  EXPECT_EQ(Encode(kWays[0], Booleans{{1, 0, 1, 1, 0, 0, 0, 0, 0, 1}}, 0, 10), "\x0d\x02");
  EXPECT_EQ(Encode(kWays[2], std::vector<int32_t>{-2}, 0, 1), "\xfe\xff\xff\xff");
  ByteArrays words;
  words.push_back("ab");
  words.push_back("");
  words.push_back("c");
  EXPECT_EQ(Encode({Type::kByteArray, Encoding::kPlain}, words, 0, 3),
            std::string("\2\0\0\0ab\0\0\0\0\1\0\0\0c", 15));
}

TEST(PlainEncoding, IsTotalWhenOneLengthTakesTheRoomOfTheOthers) {
  const Way way{Type::kByteArray, Encoding::kPlain};
  EXPECT_FALSE(Decode(way, std::string("\6\0\0\0abcdef", 10), 2).ok());
  EXPECT_FALSE(Decode(way, std::string("\3\0\0\0abcdef", 10), 2).ok());
  EXPECT_FALSE(Decode(way, std::string("\xff\xff\xff\xff", 4), 1).ok());
}

TEST(RleEncoding, OfBooleansHasItsSizeInFront) {
  const Way way{Type::kBoolean, Encoding::kRle};
  const Values booleans = Booleans{std::vector<uint8_t>(100, 1)};
  const std::string bytes = Encode(way, booleans, 0, 100);
  EXPECT_EQ(bytes, std::string("\3\0\0\0\xc8\1\1", 7));
  EXPECT_EQ(Decode(way, bytes + "more", 100).value(), booleans);
  EXPECT_FALSE(Decode(way, std::string("\4\0\0\0\xc8\1\1", 7), 100).ok());
}

TEST(Floats, AreReadAsDoubles) {
  const std::string one_and_half = std::string("\x00\x00\xc0\x3f", 4);
  const Values expected = std::vector<double>{1.5, 1.5};
  EXPECT_EQ(Decode({Type::kFloat, Encoding::kPlain}, one_and_half + one_and_half, 2).value(),
            expected);
  EXPECT_EQ(Decode({Type::kFloat, Encoding::kByteStreamSplit},
                   std::string("\x00\x00\x00\x00\xc0\xc0\x3f\x3f", 8), 2)
                .value(),
            expected);
}

TEST(FixedLength, IsThatOfTheColumnInDeltaByteArrays) {
  // Two values that share nothing, of lengths 2 and 2: prefixes 0 0, lengths 2 2.
  const std::string bytes = std::string("\x80\x01\x04\x02\x00\x00\x00\x00\x00\x00", 10) +
                            std::string("\x80\x01\x04\x02\x04\x00\x00\x00\x00\x00", 10) + "abcd";
  EXPECT_TRUE(Decode({Type::kByteArray, Encoding::kDeltaByteArray}, bytes, 2).ok());
  EXPECT_TRUE(Decode({Type::kFixedLenByteArray, Encoding::kDeltaByteArray, 2}, bytes, 2).ok());
  EXPECT_FALSE(Decode({Type::kFixedLenByteArray, Encoding::kDeltaByteArray, 3}, bytes, 2).ok());
}

TEST(FixedLength, OfZeroIsRefused) {
  for (const Encoding encoding :
       {Encoding::kPlain, Encoding::kByteStreamSplit, Encoding::kDeltaByteArray}) {
    EXPECT_EQ(Decode({Type::kFixedLenByteArray, encoding, 0}, "", 5).error().code,
              ErrorCode::kCorruption);
  }
}

TEST(ByteStreamSplit, IsThatOfTheFormatsExample) {
  const std::string values = "\xaa\xbb\xcc\xdd\x01\x11\x22\x33\xa3\xb4\xc5\xd6";
  std::string streams(12, '\0');
  SplitByteStreams(values, 4, streams.data());
  EXPECT_EQ(streams, "\xaa\x01\xa3\xbb\x11\xb4\xcc\x22\xc5\xdd\x33\xd6");
}

TEST(ByteStreamSplit, PutsEveryByteInItsPlaceForEverySize) {
  std::mt19937_64 random(8);
  for (size_t value_bytes = 1; value_bytes <= 20; ++value_bytes) {
    for (const size_t count : {0U, 1U, 15U, 16U, 17U, 40U, 100U}) {
      std::string values(count * value_bytes, '\0');
      for (char& byte : values) byte = static_cast<char>(random());
      std::string streams(values.size(), '\0');
      SplitByteStreams(values, value_bytes, streams.data());
      for (size_t i = 0; i < values.size(); ++i) {
        ASSERT_EQ(streams[i % value_bytes * count + i / value_bytes], values[i]) << value_bytes;
      }
      std::string joined(values.size(), '\0');
      JoinByteStreams(streams, value_bytes, joined.data());
      ASSERT_EQ(joined, values) << value_bytes << " " << count;
    }
  }
}

TEST(EmptyValues, AreOfTheAlternativeOfTheirType) {
  EXPECT_EQ(EmptyValues(Type::kBoolean), Values(Booleans{}));
  EXPECT_EQ(EmptyValues(Type::kInt32), Values(std::vector<int32_t>{}));
  EXPECT_EQ(EmptyValues(Type::kInt64), Values(std::vector<int64_t>{}));
  EXPECT_EQ(EmptyValues(Type::kFloat), Values(std::vector<double>{}));
  EXPECT_EQ(EmptyValues(Type::kDouble), Values(std::vector<double>{}));
  EXPECT_EQ(EmptyValues(Type::kByteArray), Values(ByteArrays{}));
  EXPECT_EQ(EmptyValues(Type::kFixedLenByteArray), Values(ByteArrays{}));
}

}  // namespace
}  // namespace clew::parquet
