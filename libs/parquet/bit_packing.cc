// SPDX-License-Identifier: Apache-2.0
// A function for each width, in which every offset and shift is a constant, so that a
// number costs a load, a shift and a mask to read, and a shift and an or to write:
//
//   width 5   bits  0     5     10    15    20    25    30    35    40
//             value |  0  |  1  |  2  |  3  |  4  |  5  |  6  |  7  |   = 5 bytes
//
// Reading takes eight bytes at the byte where a number begins. The groups for which that
// would reach past the end, at most a few, are read from a copy with room behind it.
#include "parquet/bit_packing.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"

namespace clew::parquet {
namespace {

constexpr uint32_t kWordBits = 64;

template <uint32_t width>
constexpr uint64_t kMask = width == kWordBits ? ~uint64_t{0} : (uint64_t{1} << width) - 1;

// How far from the start of a group reading it looks.
template <uint32_t width>
constexpr size_t kReadBytes = width == 0 ? 0 : (kGroupValues - 1) * width / 8 + 9;

template <uint32_t width, size_t index>
uint64_t ReadNumber(const char* group) {
  constexpr size_t kByte = index * width / 8;
  constexpr uint32_t kShift = index * width % 8;
  uint64_t number = base::LoadLittle<uint64_t>(group + kByte) >> kShift;
  if constexpr (kShift + width > kWordBits) {
    number |= uint64_t{static_cast<uint8_t>(group[kByte + 8])} << (kWordBits - kShift);
  }
  return number & kMask<width>;
}

template <uint32_t width, typename Integer>
void UnpackGroup(const char* group, Integer* out) {
  if constexpr (width == 0) {
    std::fill_n(out, kGroupValues, Integer{0});
  } else if constexpr (width == 8 * sizeof(Integer)) {
    std::memcpy(out, group, width);
  } else {
    [&]<size_t... index>(std::index_sequence<index...>) {
      ((out[index] = static_cast<Integer>(ReadNumber<width, index>(group))), ...);
    }(std::make_index_sequence<kGroupValues>());
  }
}

template <uint32_t width, typename Integer>
void UnpackOfWidth(std::string_view bytes, size_t count, Integer* out) {
  const char* group = bytes.data();
  size_t left = bytes.size();
  while (count >= kGroupValues && left >= kReadBytes<width>) {
    UnpackGroup<width>(group, out);
    group += width;
    left -= width;
    out += kGroupValues;
    count -= kGroupValues;
  }
  while (count > 0) {
    std::array<char, kReadBytes<width> + 8> room{};
    const size_t present = std::min<size_t>(left, width);
    if (present > 0) std::memcpy(room.data(), group, present);
    std::array<Integer, kGroupValues> numbers;
    UnpackGroup<width>(room.data(), numbers.data());
    const size_t wanted = std::min(count, kGroupValues);
    std::copy_n(numbers.data(), wanted, out);
    group += present;
    left -= present;
    out += wanted;
    count -= wanted;
  }
}

template <uint32_t width, size_t index>
void AddNumber(uint64_t number, std::array<uint64_t, 8>& words) {
  constexpr size_t kWord = index * width / kWordBits;
  constexpr uint32_t kShift = index * width % kWordBits;
  words[kWord] |= number << kShift;
  if constexpr (kShift + width > kWordBits) words[kWord + 1] |= number >> (kWordBits - kShift);
}

template <uint32_t width, typename Integer>
void PackGroup(const Integer* values, char* out) {
  if constexpr (width == 1 && sizeof(Integer) == 1) {
    // Bytes 0 or 1: the product has that of byte i at bit 56 + i, and no two meet.
    constexpr uint64_t kGather = 0x0102040810204080;
    *out = static_cast<char>(
        base::LoadLittle<uint64_t>(reinterpret_cast<const char*>(values)) * kGather >> 56);
  } else if constexpr (width > 0) {
    std::array<uint64_t, 8> words{};
    [&]<size_t... index>(std::index_sequence<index...>) {
      (AddNumber<width, index>(values[index], words), ...);
    }(std::make_index_sequence<kGroupValues>());
    std::memcpy(out, words.data(), width);
  }
}

template <uint32_t width, typename Integer>
void PackOfWidth(const Integer* values, size_t count, char* out) {
  for (; count >= kGroupValues; count -= kGroupValues) {
    PackGroup<width>(values, out);
    values += kGroupValues;
    out += width;
  }
  if (count > 0) {
    std::array<Integer, kGroupValues> group{};
    std::copy_n(values, count, group.data());
    PackGroup<width>(group.data(), out);
  }
}

template <typename Integer>
constexpr size_t kWidths = 8 * sizeof(Integer) + 1;

template <typename Integer>
constexpr auto kPack = []<uint32_t... width>(std::integer_sequence<uint32_t, width...>) {
  return std::array{&PackOfWidth<width, Integer>...};
}(std::make_integer_sequence<uint32_t, kWidths<Integer>>());

template <typename Integer>
constexpr auto kUnpack = []<uint32_t... width>(std::integer_sequence<uint32_t, width...>) {
  return std::array{&UnpackOfWidth<width, Integer>...};
}(std::make_integer_sequence<uint32_t, kWidths<Integer>>());

}  // namespace

template <typename Integer>
void PackBits(const Integer* values, size_t count, uint32_t width, std::string& out) {
  CHECK(width < kWidths<Integer>);
  DCHECK(width == 8 * sizeof(Integer) ||
         std::all_of(values, values + count, [&](Integer value) { return value >> width == 0; }));
  const size_t groups = (count + kGroupValues - 1) / kGroupValues;
  const size_t begin = out.size();
  out.resize(begin + groups * width);
  kPack<Integer>[width](values, count, out.data() + begin);
}

template <typename Integer>
void UnpackBits(std::string_view bytes, size_t count, uint32_t width, Integer* out) {
  CHECK(width < kWidths<Integer>);
  CHECK(bytes.size() >= PackedBytes(count, width));
  kUnpack<Integer>[width](bytes, count, out);
}

template void PackBits(const uint8_t*, size_t, uint32_t, std::string&);
template void PackBits(const uint32_t*, size_t, uint32_t, std::string&);
template void PackBits(const uint64_t*, size_t, uint32_t, std::string&);
template void UnpackBits(std::string_view, size_t, uint32_t, uint8_t*);
template void UnpackBits(std::string_view, size_t, uint32_t, uint32_t*);
template void UnpackBits(std::string_view, size_t, uint32_t, uint64_t*);

}  // namespace clew::parquet
