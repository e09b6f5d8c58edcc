// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ledger/ledger.h"

namespace clew::ledger {

// Some time of one row below one limit.
struct LimitedTime {
  uint32_t limit = kNone;  // kNone: below none
  uint64_t nanos = 0;
};

// Share is not saving: what is made faster stops to matter when something beside it is the last
// to finish. Computes how much of a row's time can be saved before that, and which limit takes
// most of the rest. One thread.
class Drag {
 public:
  explicit Drag(std::span<const Limit> limits) : limits_(limits), sums_(limits.size()) {}

  struct Answer {
    uint64_t nanos = 0;
    uint32_t limit = kNone;  // kNone: all can be saved
  };
  Answer Of(std::span<const LimitedTime> times);

 private:
  std::span<const Limit> limits_;
  std::vector<uint64_t> sums_;  // by limit; 0 between calls
  uint64_t steps_ = 0;
};

}  // namespace clew::ledger
