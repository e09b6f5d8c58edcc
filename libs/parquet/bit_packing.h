// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Numbers of 0 to 64 bits each without a gap between them, the lowest bit of each first.
// They come in groups of eight, so a group is as many bytes as a number has bits.
namespace clew::parquet {

inline constexpr size_t kGroupValues = 8;

// Bytes that `values` numbers touch.
constexpr size_t PackedBytes(size_t values, uint32_t width) {
  return (values * width + 7) / 8;
}

// Appends `count` numbers, the last group filled up with zeros.
// REQUIRES: every number fits `width` bits, and `width` the Integer.
template <typename Integer>  // uint8_t, uint32_t or uint64_t
void PackBits(const Integer* values, size_t count, uint32_t width, std::string& out);

// Writes `count` numbers to `out`.
// REQUIRES: bytes.size() >= PackedBytes(count, width), `width` at most the Integer's bits.
template <typename Integer>  // uint8_t, uint32_t or uint64_t
void UnpackBits(std::string_view bytes, size_t count, uint32_t width, Integer* out);

}  // namespace clew::parquet
