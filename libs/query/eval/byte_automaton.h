// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace clew::query {

// A regular expression as a deterministic automaton that is made beforehand: one look into a table
// for each byte of a text, no lock, nothing to allocate. Of texts as short as attributes are, RE2
// spends most of its time on its locks. Immutable.
class ByteAutomaton {
 public:
  // Of a pattern as RE2 reads it when dots match line feeds and the whole text has to match.
  // nullopt where it has what ParseByteExpression does not know, or too many states.
  static std::optional<ByteAutomaton> Build(std::string_view pattern);

  // `text` is UTF-8.
  bool Matches(std::string_view text) const {
    uint32_t state = start_;
    for (const char c : text) {
      state = next_[state + class_of_[static_cast<uint8_t>(c)]];
      if (state == kNowhere) return false;
    }
    return accepts_[state] != 0;
  }

 private:
  // States are places in next_; the first matches nothing whatever follows.
  static constexpr uint32_t kNowhere = 0;

  std::array<uint8_t, 256> class_of_{};  // bytes that are alike everywhere
  std::vector<uint32_t> next_;           // by state and class
  std::vector<uint8_t> accepts_;         // by state
  uint32_t start_ = kNowhere;
};

}  // namespace clew::query
