// SPDX-License-Identifier: Apache-2.0
#include "parquet/bit_packing.h"

#include <gmock/gmock.h>

#include <memory>
#include <random>
#include <vector>

namespace clew::parquet {
namespace {

// Bit by bit, as the format draws it.
template <typename Integer>
std::string PackedOneBitAtATime(const std::vector<Integer>& values, uint32_t width) {
  const size_t groups = (values.size() + kGroupValues - 1) / kGroupValues;
  std::string bytes(groups * width, '\0');
  for (size_t i = 0; i < values.size(); ++i) {
    for (uint32_t bit = 0; bit < width; ++bit) {
      if ((values[i] >> bit & 1) == 0) continue;
      char& byte = bytes[(i * width + bit) / 8];
      byte = static_cast<char>(byte | 1 << (i * width + bit) % 8);
    }
  }
  return bytes;
}

template <typename Integer>
std::vector<Integer> RandomValues(size_t count, uint32_t width, std::mt19937_64& random) {
  std::vector<Integer> values(count);
  for (Integer& value : values) {
    value = width == 0 ? Integer{0} : static_cast<Integer>(random() >> (64 - width));
  }
  return values;
}

// From exactly the bytes that the values touch, so that reading past them shows.
template <typename Integer>
std::vector<Integer> Unpacked(const std::string& bytes, size_t count, uint32_t width) {
  const size_t size = PackedBytes(count, width);
  const auto exact = std::make_unique<char[]>(size);
  bytes.copy(exact.get(), size);
  std::vector<Integer> values(count);
  UnpackBits(std::string_view(exact.get(), size), count, width, values.data());
  return values;
}

constexpr size_t kCounts[] = {0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100, 257};

template <typename Integer>
class BitPacking : public testing::Test {};
using Integers = testing::Types<uint8_t, uint32_t, uint64_t>;
TYPED_TEST_SUITE(BitPacking, Integers);

TYPED_TEST(BitPacking, IsThatOfOneBitAtATimeForEveryWidthAndCount) {
  std::mt19937_64 random(7);
  for (uint32_t width = 0; width <= 8 * sizeof(TypeParam); ++width) {
    for (const size_t count : kCounts) {
      const std::vector<TypeParam> values = RandomValues<TypeParam>(count, width, random);
      std::string packed = "before";
      PackBits(values.data(), values.size(), width, packed);
      ASSERT_EQ(packed, "before" + PackedOneBitAtATime(values, width)) << width << " " << count;
      ASSERT_EQ(Unpacked<TypeParam>(packed.substr(6), count, width), values)
          << width << " " << count;
    }
  }
}

TYPED_TEST(BitPacking, HoldsTheLargestNumberOfEveryWidth) {
  for (uint32_t width = 1; width <= 8 * sizeof(TypeParam); ++width) {
    const auto largest = static_cast<TypeParam>(~uint64_t{0} >> (64 - width));
    const std::vector<TypeParam> values(40, largest);
    std::string packed;
    PackBits(values.data(), values.size(), width, packed);
    ASSERT_EQ(packed, std::string(size_t{5} * width, '\xff'));
    ASSERT_EQ(Unpacked<TypeParam>(packed, 40, width), values);
  }
}

}  // namespace
}  // namespace clew::parquet
