// SPDX-License-Identifier: Apache-2.0
// Properties: decoding takes any bytes, and gives as many values as were asked for or an
// error; what it gives, every encoding of that type writes so that it comes back.
//
// The first six bytes say what the rest is: 0 values, 1 codes, 2 levels, 3 hybrid numbers;
// the type, or the bit width, or the highest level; the encoding; the length of the type,
// or the size of the dictionary; the count (two bytes).
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "parquet/encoding.h"

namespace {

using clew::parquet::Encoding;
using clew::parquet::Part;
using clew::parquet::Type;
using clew::parquet::Values;

// The encodings that a type is written in.
std::vector<Encoding> EncodingsOf(Type type) {
  switch (type) {
    case Type::kBoolean:
      return {Encoding::kPlain, Encoding::kRle};
    case Type::kInt32:
    case Type::kInt64:
      return {Encoding::kPlain, Encoding::kDeltaBinaryPacked, Encoding::kByteStreamSplit};
    case Type::kDouble:
    case Type::kFixedLenByteArray:
      return {Encoding::kPlain, Encoding::kByteStreamSplit};
    case Type::kByteArray:
      return {Encoding::kPlain, Encoding::kDeltaLengthByteArray};
    case Type::kInt96:
    case Type::kFloat:
      break;
  }
  return {};
}

std::string Encoded(const Values& values, Type type, Encoding encoding) {
  std::string bytes;
  clew::parquet::EncodeValues(
      {.values = values, .type = type, .first = 0, .count = CountOf(values)}, encoding, bytes);
  return bytes;
}

// Somewhere in the middle, and not as long as all.
Part PartOf(size_t count) {
  const size_t first = count / 3;
  return {.first = first, .count = (count - first) / 2};
}

void CheckPart(const clew::parquet::EncodedValues& encoded, const Values& all) {
  const Part part = PartOf(encoded.count);
  const Values found = clew::parquet::DecodeValuesPart(encoded, part).value();
  const Type type = encoded.type == Type::kFloat ? Type::kDouble : encoded.type;
  std::string expected;
  clew::parquet::EncodeValues({all, type, part.first, part.count}, Encoding::kPlain, expected);
  CHECK(Encoded(found, type, Encoding::kPlain) == expected);
}

void CheckValues(clew::parquet::EncodedValues encoded) {
  const auto values = clew::parquet::DecodeValues(encoded);
  if (!values.ok()) return;
  CHECK(CountOf(values.value()) == encoded.count);
  CheckPart(encoded, values.value());

  if (encoded.type == Type::kFloat) encoded.type = Type::kDouble;
  // Compared as PLAIN bytes: a NaN is not equal to itself.
  const std::string plain = Encoded(values.value(), encoded.type, Encoding::kPlain);
  for (const Encoding encoding : EncodingsOf(encoded.type)) {
    const std::string bytes = Encoded(values.value(), encoded.type, encoding);
    encoded.encoding = encoding;
    encoded.bytes = bytes;
    const auto back = clew::parquet::DecodeValues(encoded);
    CHECK(back.ok() && Encoded(back.value(), encoded.type, Encoding::kPlain) == plain);
  }
}

void CheckCodes(std::string_view bytes, uint32_t dictionary_size, size_t count) {
  const auto codes = clew::parquet::DecodeCodes(bytes, dictionary_size, count);
  if (!codes.ok()) return;
  CHECK(codes.value().size() == count);
  for (const uint32_t code : codes.value()) CHECK(code < dictionary_size);
  const Part part = PartOf(count);
  CHECK(std::ranges::equal(clew::parquet::DecodeCodesPart(bytes, dictionary_size, part).value(),
                           std::span(codes.value()).subspan(part.first, part.count)));
  std::string again;
  clew::parquet::EncodeCodes(codes.value(), clew::parquet::WidthOfCodes(dictionary_size), again);
  CHECK(clew::parquet::DecodeCodes(again, dictionary_size, count).value() == codes.value());
}

void CheckLevels(std::string_view bytes, uint8_t highest, size_t count) {
  const auto levels = clew::parquet::DecodeLevels(bytes, highest, count);
  if (!levels.ok()) return;
  CHECK(levels.value().size() == count);
  for (const uint8_t level : levels.value()) CHECK(level <= highest);
  const Part part = PartOf(count);
  const auto [found, before] = clew::parquet::DecodeLevelsPart(bytes, highest, part).value();
  const std::span<const uint8_t> all(levels.value());
  CHECK(std::ranges::equal(found, all.subspan(part.first, part.count)));
  // Without any that is wanted nothing is read.
  CHECK(part.count == 0 ||
        before == static_cast<size_t>(std::ranges::count(all.first(part.first), highest)));
  std::string again;
  clew::parquet::EncodeLevels(levels.value(), highest, again);
  CHECK(clew::parquet::DecodeLevels(again, highest, count).value() == levels.value());
}

void CheckHybrid(std::string_view bytes, uint32_t width, size_t count) {
  const auto numbers = clew::parquet::DecodeHybrid(bytes, width, count);
  if (!numbers.ok()) return;
  CHECK(width <= 32 && numbers.value().size() == count);
  std::string again;
  clew::parquet::EncodeHybrid(numbers.value(), width, again);
  CHECK(clew::parquet::DecodeHybrid(again, width, count).value() == numbers.value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kHeaderBytes = 6;
  if (size < kHeaderBytes) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + kHeaderBytes,
                               size - kHeaderBytes);
  const size_t count = data[4] + size_t{256} * data[5];
  switch (data[0] % 4) {
    case 0:
      CheckValues({.type = static_cast<Type>(data[1] % 9),
                   .type_length = data[3],
                   .encoding = static_cast<Encoding>(data[2] % 11),
                   .count = count,
                   .bytes = bytes});
      break;
    case 1:
      CheckCodes(bytes, data[3], count);
      break;
    case 2:
      CheckLevels(bytes, data[1], count);
      break;
    default:
      CheckHybrid(bytes, data[1], count);
  }
  return 0;
}
