// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "query/block_rows.h"
#include "query/metrics/group_measure.h"
#include "traceql/ast.h"

namespace clew::query {

// What a function asks of the rows of a group, where that is a duration or nothing at all. Holds
// for as long as the group. One thread.
class MeasuredNumbers {
 public:
  // False when it is anything else.
  base::Result<bool> Find(const traceql::MetricsAggregate& aggregate, BlockRows& group);
  // By row, of what is measured as tallies.
  std::span<const int64_t> numbers() const { return numbers_; }
  // By row, of what is measured in buckets.
  std::span<const uint8_t> exponents() const { return exponents_; }

 private:
  std::span<const uint8_t> exponents_;
  std::span<const int64_t> numbers_;
  std::vector<int64_t> looked_up_;  // which they are where the file has codes
};

}  // namespace clew::query
