// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace clew::query {

// A regular expression as a tree over bytes, for texts in UTF-8.
struct ByteExpression {
  enum class Kind : uint8_t { kBytes, kConcatenation, kAlternation, kRepetition };
  static constexpr uint32_t kNoLimit = ~0U;

  Kind kind = Kind::kConcatenation;  // of nothing: the empty text
  std::bitset<256> bytes{};          // kBytes: any one of these
  std::vector<ByteExpression> parts{};
  uint32_t least = 0, most = kNoLimit;  // kRepetition of its only part
};

// Of a pattern as RE2 reads it when dots match line feeds and the whole text has to match:
// literals, dots, classes and \d \w \s in ASCII, groups, alternatives and repetitions. nullopt for
// anything else, be it wrong or beyond that: flags, word boundaries, anchors inside, classes with
// names.
std::optional<ByteExpression> ParseByteExpression(std::string_view pattern);

}  // namespace clew::query
