// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace clew::base {

// Eight bytes at a time with plain integers ("SWAR", Bit Twiddling Hacks by S. E.
// Anderson): the high bit of each byte of the answer tells of the byte in its place.
namespace byte_scan_internal {
inline constexpr uint64_t kOnes = 0x0101010101010101;
inline constexpr uint64_t kHigh = 0x8080808080808080;
constexpr uint64_t Below(uint64_t word, uint8_t limit) {  // limit <= 128
  return (word - kOnes * limit) & ~word & kHigh;
}
constexpr uint64_t Equal(uint64_t word, uint8_t byte) {
  return Below(word ^ (kOnes * byte), 1);
}
}  // namespace byte_scan_internal

// True when a byte of `text` is below `limit` (at most 128) or is 0x7f (DEL).
template <uint8_t limit>
bool HasControl(std::string_view text) {
  static_assert(limit <= 128);
  const auto found_at = [&](size_t at) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    return byte_scan_internal::Below(word, limit) | byte_scan_internal::Equal(word, 0x7f);
  };
  constexpr size_t kWord = sizeof(uint64_t);
  if (text.size() >= kWord) {
    uint64_t found = found_at(text.size() - kWord);  // may overlap the one before
    for (size_t i = 0; i + kWord < text.size(); i += kWord) found |= found_at(i);
    return found != 0;
  }
  bool found = false;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    found |= byte < limit || byte == 0x7f;
  }
  return found;
}

}  // namespace clew::base
