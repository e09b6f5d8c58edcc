// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "query/answer_attribute.h"
#include "query/eval/value.h"
#include "query/memory_budget.h"

namespace clew::query {

// How often, by interval and in all.
struct IntervalCounts {
  // Those that have any, in order: most values are rare.
  std::vector<std::pair<uint32_t, uint32_t>> of_interval{};
  uint64_t total = 0;

  // True when it takes more memory than before.
  bool Add(uint32_t interval, uint32_t count);
  void Add(const IntervalCounts& other);
};

// How often an attribute has each of its values. Of more than kMostValues the rarest make way
// when others come, and of those that come once among many one in sixteen begins: counts may be
// too low, those of rare values by much and those of frequent ones by little. One thread.
class ValueCounts {
 public:
  static constexpr size_t kMostValues = 4096;

  // `memory` outlives it; null: no limit.
  explicit ValueCounts(MemoryBudget* memory) : memory_(memory) {}

  // So many spans of an interval have that value, neither nil nor an empty text: these are passed
  // over. kExhausted when the values take more memory than there is.
  base::Status Add(const Value& value, uint32_t interval, uint32_t count);

  const IntervalCounts& all() const { return all_; }
  struct Counted {
    AnswerAttribute label;
    IntervalCounts counts;
  };
  // So many of the most frequent, of equally frequent ones the first by text.
  std::vector<Counted> MostFrequent(const std::string& name, size_t count) const;

 private:
  base::Status AddIn(uint32_t interval, uint32_t count, IntervalCounts& counts) const;
  static uint64_t BytesOf(const std::string& bytes, const IntervalCounts& counts);
  base::Status Charge(uint64_t bytes) const;
  // Forgets the rarer half of the values.
  void Prune();

  MemoryBudget* const memory_;
  IntervalCounts all_;
  std::unordered_map<std::string, IntervalCounts> of_value_;  // by its bytes
  std::string bytes_;                                         // of the value in hand
  uint32_t passed_over_ = 0;  // values that came once and were not begun
};

}  // namespace clew::query
