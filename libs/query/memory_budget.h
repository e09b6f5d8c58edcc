// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clew::query {

// The memory that one query may take for what grows with the spans it meets: groups, values,
// candidates, results. What is charged is near to what is taken; pages and columns, which are
// bounded by themselves, are not. Thread-safe.
class MemoryBudget {
 public:
  explicit MemoryBudget(uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // kExhausted when the query then has more than its limit. `advice` says what takes the memory
  // and what to narrow. Without a budget all is well.
  static base::Status Charge(MemoryBudget* budget, uint64_t bytes, std::string_view advice) {
    if (budget == nullptr) return {};
    // Counts alone: nothing else is ordered by it.
    const uint64_t before = budget->charged_bytes_.fetch_add(bytes, std::memory_order_relaxed);
    if (before + bytes <= budget->limit_bytes_) return {};
    return base::Error{base::ErrorCode::kExhausted, "query needs more than its memory limit of " +
                                                        budget->LimitText() + ": " +
                                                        std::string(advice)};
  }
  // What was charged is needed no more.
  static void Release(MemoryBudget* budget, uint64_t bytes) {
    if (budget != nullptr) budget->charged_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  }

  uint64_t charged_bytes() const { return charged_bytes_.load(std::memory_order_relaxed); }

 private:
  std::string LimitText() const {
    constexpr uint64_t kMebibyte = uint64_t{1} << 20;
    if (limit_bytes_ % kMebibyte == 0) return std::to_string(limit_bytes_ / kMebibyte) + " MiB";
    return std::to_string(limit_bytes_) + " bytes";
  }

  const uint64_t limit_bytes_;
  std::atomic<uint64_t> charged_bytes_ = 0;
};

}  // namespace clew::query
