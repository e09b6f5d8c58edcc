// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/append_vector.h"
#include "base/hash.h"

namespace clew::store {

// Plain structs, equal ones stored once and referred to by number. One thread interns
// while others read.
template <typename Row>
class InternedRows {
  static_assert(std::has_unique_object_representations_v<Row>, "compared and hashed by its bytes");

 public:
  // The number of `row`, new or old. Writer only.
  uint32_t Intern(const Row& row) {
    uint32_t* slot = SlotOf(row);
    if (*slot != 0) return *slot - 1;
    rows_.push_back(row);
    const auto count = static_cast<uint32_t>(rows_.size());
    *slot = count;
    if (rows_.size() * 2 > slots_.size()) Grow();
    return count - 1;
  }

  // REQUIRES: a number that was published to the reader.
  const Row& operator[](uint32_t number) const { return rows_[number]; }
  size_t size() const { return rows_.size(); }
  size_t size_bytes() const { return rows_.size_bytes() + slots_.size() * sizeof(uint32_t); }

 private:
  static std::string_view BytesOf(const Row& row) {
    return {reinterpret_cast<const char*>(&row), sizeof row};
  }
  // The slot where a row stands or would stand.
  uint32_t* SlotOf(const Row& row) {
    const size_t mask = slots_.size() - 1;
    size_t slot = base::Hash64(BytesOf(row)) & mask;
    while (slots_[slot] != 0 && BytesOf(rows_[slots_[slot] - 1]) != BytesOf(row)) {
      slot = (slot + 1) & mask;
    }
    return &slots_[slot];
  }
  void Grow() {
    slots_.assign(slots_.size() * 2, 0);
    for (uint32_t number = 0; number < rows_.size(); ++number) {
      *SlotOf(rows_[number]) = number + 1;
    }
  }

  base::AppendVector<Row> rows_;
  std::vector<uint32_t> slots_ = std::vector<uint32_t>(16);  // number + 1, open addressing
};

}  // namespace clew::store
