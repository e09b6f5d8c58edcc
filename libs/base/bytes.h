// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace clew::base {

static_assert(std::endian::native == std::endian::little, "formats are little-endian");

// A number as it lies in a file of ours: little-endian, at any address.
// REQUIRES: sizeof(T) readable bytes at `from`.
template <typename T>
T LoadLittle(const char* from) {
  static_assert(std::is_integral_v<T>);
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

// Eight bytes as a big-endian number.
inline uint64_t LoadBig64(const uint8_t* from) {
  uint64_t value;
  std::memcpy(&value, from, sizeof value);
  return __builtin_bswap64(value);
}

// a == b, for short texts that are mostly equal: without a call or a loop up to 32 bytes.
inline bool SameBytes(std::string_view a, std::string_view b) {
  const size_t size = a.size();
  if (size != b.size()) return false;
  if (size > 32) return std::memcmp(a.data(), b.data(), size) == 0;
  // Two numbers that begin at `first` and `last`, and may overlap.
  const auto same = [&]<typename T>(T, size_t first, size_t last) {
    return ((LoadLittle<T>(a.data() + first) ^ LoadLittle<T>(b.data() + first)) |
            (LoadLittle<T>(a.data() + last) ^ LoadLittle<T>(b.data() + last))) == 0;
  };
  if (size > 16) return same(uint64_t{}, 0, size - 8) && same(uint64_t{}, 8, size - 16);
  if (size >= 8) return same(uint64_t{}, 0, size - 8);
  if (size >= 4) return same(uint32_t{}, 0, size - 4);
  for (size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

template <typename T>
void AppendLittle(std::string& out, T value) {
  static_assert(std::is_integral_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace clew::base
