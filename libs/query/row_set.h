// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace clew::query {

// Some of the rows of a source, a bit each. One thread.
class RowSet {
 public:
  // None of so many rows.
  explicit RowSet(size_t rows) : rows_(rows), words_((rows + 63) / 64) {}
  static RowSet All(size_t rows) {
    RowSet all(rows);
    std::ranges::fill(all.words_, ~uint64_t{0});
    if (rows % 64 != 0) all.words_.back() = (uint64_t{1} << (rows % 64)) - 1;
    return all;
  }

  // The rows there are, in the set or not.
  size_t size() const { return rows_; }
  bool Has(size_t row) const { return (words_[row / 64] >> (row % 64) & 1) != 0; }
  void Add(size_t row) { words_[row / 64] |= uint64_t{1} << (row % 64); }
  void Clear() { std::ranges::fill(words_, 0); }

  bool empty() const {
    return std::ranges::all_of(words_, [](uint64_t word) { return word == 0; });
  }
  size_t Count() const {
    size_t count = 0;
    for (const uint64_t word : words_) count += static_cast<size_t>(std::popcount(word));
    return count;
  }
  // All of [first, end) are in it.
  bool HasAll(size_t first, size_t end) const {
    for (size_t at = first / 64; at * 64 < end; ++at) {
      uint64_t wanted = ~uint64_t{0};
      if (at == first / 64) wanted &= ~uint64_t{0} << (first % 64);
      if (end - at * 64 < 64) wanted &= (uint64_t{1} << (end - at * 64)) - 1;
      if ((words_[at] & wanted) != wanted) return false;
    }
    return true;
  }
  // The first of its rows from `row` on, below `end`.
  std::optional<size_t> Next(size_t row, size_t end) const {
    for (size_t at = row / 64; at * 64 < end; ++at) {
      const uint64_t word = at == row / 64 ? words_[at] & ~uint64_t{0} << (row % 64) : words_[at];
      if (word == 0) continue;
      const size_t found = at * 64 + static_cast<size_t>(std::countr_zero(word));
      return found < end ? std::optional(found) : std::nullopt;
    }
    return std::nullopt;
  }
  // REQUIRES: not empty
  size_t Last() const {
    size_t at = words_.size();
    while (words_[at - 1] == 0) --at;
    return at * 64 - 1 - static_cast<size_t>(std::countl_zero(words_[at - 1]));
  }

  // REQUIRES: sets of as many rows
  void Intersect(const RowSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
  }
  void Remove(const RowSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
  }
  void Unite(const RowSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }

  // Calls `visit(row)` for those of [first, end), in ascending order.
  template <typename Visit>
  void ForEach(size_t first, size_t end, Visit&& visit) const {
    for (size_t at = first / 64; at * 64 < end; ++at) {
      uint64_t word = words_[at];
      if (at == first / 64) word &= ~uint64_t{0} << (first % 64);
      if (end - at * 64 < 64) word &= (uint64_t{1} << (end - at * 64)) - 1;
      if (word == ~uint64_t{0}) {
        for (size_t row = at * 64; row < at * 64 + 64; ++row) visit(row);
        continue;
      }
      for (; word != 0; word &= word - 1) {
        visit(at * 64 + static_cast<size_t>(std::countr_zero(word)));
      }
    }
  }
  template <typename Visit>
  void ForEach(Visit&& visit) const {
    ForEach(0, rows_, visit);
  }

  // 64 rows a word, the first in the lowest bit; bits past the last row stay 0.
  std::span<const uint64_t> words() const { return words_; }
  std::span<uint64_t> words() { return words_; }

 private:
  size_t rows_;
  std::vector<uint64_t> words_;
};

}  // namespace clew::query
