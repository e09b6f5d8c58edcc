// SPDX-License-Identifier: Apache-2.0
#include "store/present_entries.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace clew::store {
namespace {

constexpr uint64_t kOnes = 0x0101010101010101;

uint64_t LoadEight(const uint8_t* levels) {
  uint64_t eight;
  std::memcpy(&eight, levels, sizeof eight);
  return eight;
}

// Bit i tells whether byte i of the word, of bytes below 128, is `highest`.
uint64_t BitsOf(uint64_t levels, uint8_t highest) {
  const uint64_t differs = (levels ^ kOnes * highest) + kOnes * 0x7f;  // the top bit of each
  const uint64_t equal = ~differs >> 7 & kOnes;
  return (equal * 0x0102040810204080) >> 56;  // brings the eight ones side by side
}

}  // namespace

PresentEntries::PresentEntries(std::span<const uint8_t> levels, uint8_t highest) {
  static_assert(std::endian::native == std::endian::little);
  count_ = static_cast<size_t>(std::ranges::count(levels, highest));
  if (count_ == levels.size()) return;
  words_.resize((levels.size() + 63) / 64);
  uint32_t rank = 0;
  for (size_t i = 0; i < words_.size(); ++i) {
    const std::span<const uint8_t> of_word =
        levels.subspan(i * 64, std::min<size_t>(64, levels.size() - i * 64));
    uint64_t bits = 0;
    size_t at = 0;
    for (; at + 8 <= of_word.size(); at += 8)
      bits |= BitsOf(LoadEight(&of_word[at]), highest) << at;
    for (; at < of_word.size(); ++at) bits |= uint64_t{of_word[at] == highest} << at;
    words_[i] = {bits, rank};
    rank += static_cast<uint32_t>(std::popcount(bits));
  }
}

}  // namespace clew::store
