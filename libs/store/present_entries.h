// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace clew::store {

// Which entries of a column have a value, and the rank of each of these: how many values
// stand before its own. Two bits an entry; none where all have one. Thread-safe.
class PresentEntries {
 public:
  PresentEntries() = default;  // all
  // Those whose level is the highest. REQUIRES: highest < 128
  PresentEntries(std::span<const uint8_t> levels, uint8_t highest);

  bool Has(size_t entry) const {
    return words_.empty() || (words_[entry / 64].bits >> (entry % 64) & 1) != 0;
  }
  // How many have one, of `entries` in all.
  size_t CountOf(size_t entries) const { return words_.empty() ? entries : count_; }
  // REQUIRES: Has(entry)
  uint32_t RankOf(size_t entry) const {
    if (words_.empty()) return static_cast<uint32_t>(entry);
    const Word& word = words_[entry / 64];
    const uint64_t before = word.bits & ((uint64_t{1} << (entry % 64)) - 1);
    return word.first + static_cast<uint32_t>(std::popcount(before));
  }
  // Calls `visit(entry)` for those of `entries` that have one, in order.
  template <typename Visit>
  void ForEach(size_t entries, Visit&& visit) const {
    if (words_.empty()) {
      for (size_t entry = 0; entry < entries; ++entry) visit(entry);
      return;
    }
    for (size_t at = 0; at < words_.size(); ++at) {
      for (uint64_t bits = words_[at].bits; bits != 0; bits &= bits - 1) {
        visit(at * 64 + static_cast<size_t>(std::countr_zero(bits)));
      }
    }
  }
  size_t size_bytes() const { return words_.size() * sizeof(Word); }

 private:
  struct Word {
    uint64_t bits;
    uint32_t first;  // the rank of its first
  };
  std::vector<Word> words_;
  size_t count_ = 0;
};

}  // namespace clew::store
