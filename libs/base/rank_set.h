// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>

#include "base/append_vector.h"

namespace clew::base {

// A set of ascending numbers that tells the rank of each, which is how many stand before
// it: a bitmap of 64 numbers a word, without the words in which there is none, each with
// the rank of its first. A number costs 2 bits where all are members, and never more than
// 16 bytes.
//
// One thread adds while others read.
//
// Ordering: the bits of the last word change under readers, by numbers that were not
// published to them yet, so they are stored and loaded relaxed; what a reader asks for was
// published to it by some other release, whose bits happened before.
class RankSet {
 public:
  // REQUIRES: above all members before.
  void Add(uint32_t member) {
    const uint32_t word = member / 64;
    const uint64_t bit = uint64_t{1} << (member % 64);
    if (word == last_word_) {
      const std::atomic_ref<uint64_t> bits(words_.WritableBack().bits);
      bits.store(bits.load(std::memory_order_relaxed) | bit, std::memory_order_relaxed);
    } else {
      words_.push_back({word, count_, bit});
      last_word_ = word;
    }
    ++count_;
  }

  // The rank of a published member; nullopt for what is none.
  std::optional<uint32_t> RankOf(uint32_t number) const {
    const size_t index = LowerBound(number / 64);
    if (index == words_.size() || words_[index].number != number / 64) return std::nullopt;
    const uint64_t bits = BitsOf(words_[index]);
    const uint64_t bit = uint64_t{1} << (number % 64);
    if ((bits & bit) == 0) return std::nullopt;
    return words_[index].first + static_cast<uint32_t>(std::popcount(bits & (bit - 1)));
  }

  // Calls `visit(member, rank)` for the members below `end`, all published, in ascending
  // order, until it returns false.
  template <typename Visit>
  void ForEach(uint32_t end, Visit&& visit) const {
    const size_t words = words_.size();
    for (size_t i = 0; i < words; ++i) {
      const Word& word = words_[i];
      const uint64_t first_member = uint64_t{word.number} * 64;
      if (first_member >= end) return;
      uint64_t bits = BitsOf(word);
      if (end - first_member < 64) bits &= (uint64_t{1} << (end - first_member)) - 1;
      for (uint32_t rank = word.first; bits != 0; bits &= bits - 1, ++rank) {
        const auto member =
            static_cast<uint32_t>(first_member) + static_cast<uint32_t>(std::countr_zero(bits));
        if (!visit(member, rank)) return;
      }
    }
  }

  // The same for those members, all published, that have their bit in `mask`, 64 numbers a
  // word; to the end.
  template <typename Visit>
  void ForEachOf(std::span<const uint64_t> mask, Visit&& visit) const {
    const size_t words = words_.size();
    for (size_t i = 0; i < words && words_[i].number < mask.size(); ++i) {
      const Word& word = words_[i];
      const uint64_t bits = BitsOf(word);
      for (uint64_t left = bits & mask[word.number]; left != 0; left &= left - 1) {
        const auto bit = static_cast<uint32_t>(std::countr_zero(left));
        const uint64_t before = bits & ((uint64_t{1} << bit) - 1);
        visit(word.number * 64 + bit, word.first + static_cast<uint32_t>(std::popcount(before)));
      }
    }
  }

  size_t size_bytes() const { return words_.size_bytes(); }

 private:
  struct Word {
    uint32_t number;  // of its first member, in words
    uint32_t first;   // the rank of its first member
    uint64_t bits;
  };

  static uint64_t BitsOf(const Word& word) {
    const std::atomic_ref<uint64_t> bits(const_cast<uint64_t&>(word.bits));
    return bits.load(std::memory_order_relaxed);
  }

  // The index of the first word not below `number`: at most `number`, as they ascend.
  size_t LowerBound(uint32_t number) const {
    size_t low = 0;
    size_t high = words_.size();
    if (number < high) {
      if (words_[number].number == number) return number;
      high = number;
    }
    while (low < high) {
      const size_t middle = low + (high - low) / 2;
      if (words_[middle].number < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  base::AppendVector<Word> words_;
  uint32_t last_word_ = UINT32_MAX, count_ = 0;  // the writer's
};

}  // namespace clew::base
