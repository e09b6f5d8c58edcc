// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstring>
#include <string>
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

template <typename T>
void AppendLittle(std::string& out, T value) {
  static_assert(std::is_integral_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace clew::base
