// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
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
  bool Matches(std::string_view text) const { return accepts_[After(start_, text)] != 0; }

  // Calls `found(i)` where texts[i] matches, of those before texts.size() and in no order. Each
  // look waits for the one before it of the same text, so several texts are gone through side by
  // side.
  template <typename Texts, typename Found>
  void ForEachMatch(const Texts& texts, const Found& found) const {
    const size_t count = texts.size();
    size_t next = 0;
    Lanes lanes;
    const auto begin = [&](Lane& lane, size_t text) {
      lane = {.left = texts[text], .text = text, .state = start_};
    };
    const auto end = [&](Lane& lane) {
      if (accepts_[lane.state] != 0) found(lane.text);
      lane.text = kNoText;
    };
    for (Lane& lane : lanes) {
      if (next < count) begin(lane, next++);
    }
    while (next < count) {
      Advance(lanes);
      for (Lane& lane : lanes) {
        if (!lane.left.empty()) continue;
        end(lane);
        if (next < count) begin(lane, next++);
      }
    }
    for (Lane& lane : lanes) {
      if (lane.text == kNoText) continue;
      lane.state = After(lane.state, lane.left);
      end(lane);
    }
  }

 private:
  static constexpr size_t kNoText = SIZE_MAX;
  // A text, what is left of it, and where the rest has come to.
  struct Lane {
    std::string_view left{};
    size_t text = kNoText;
    uint32_t state = kNowhere;
  };
  using Lanes = std::array<Lane, 4>;

  uint32_t After(uint32_t state, std::string_view text) const {
    for (const char c : text) {
      state = Next(state, c);
      if (state == kNowhere) break;
    }
    return state;
  }
  uint32_t Next(uint32_t state, char c) const {
    return next_[state + class_of_[static_cast<uint8_t>(c)]];
  }
  // Takes all on until one is at its end.
  void Advance(Lanes& lanes) const;

  // States are places in next_; the first matches nothing whatever follows.
  static constexpr uint32_t kNowhere = 0;

  std::array<uint8_t, 256> class_of_{};  // bytes that are alike everywhere
  std::vector<uint32_t> next_;           // by state and class
  std::vector<uint8_t> accepts_;         // by state
  uint32_t start_ = kNowhere;
};

}  // namespace clew::query
