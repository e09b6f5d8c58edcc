// SPDX-License-Identifier: Apache-2.0
// Limits are nested, an outer one has the smaller number. What a row has below a limit is added
// up, cut to the limit, and handed to the outer one; so from the innermost out.
#include "ledger/drag.h"

#include <algorithm>
#include <queue>
#include <utility>

namespace clew::ledger {
namespace {

// Limits that lie in each other very many deep are followed so often in one answer; past that
// only the innermost counts, and the drag is an upper bound as ever.
constexpr uint64_t kMostSteps = 4'000'000;

}  // namespace

Drag::Answer Drag::Of(std::span<const LimitedTime> times) {
  Answer answer;
  uint64_t most_lost = 0;
  std::priority_queue<uint32_t> pending;
  const auto add = [&](uint32_t limit, uint64_t nanos) {
    if (nanos == 0) return;
    if (limit == kNone) {
      answer.nanos += nanos;
      return;
    }
    if (sums_[limit] == 0) pending.push(limit);
    sums_[limit] += nanos;
  };
  for (const LimitedTime& time : times) add(time.limit, time.nanos);
  while (!pending.empty()) {
    const uint32_t at = pending.top();
    pending.pop();
    const uint64_t sum = std::exchange(sums_[at], 0);
    const uint64_t kept = std::min(sum, limits_[at].nanos);
    if (sum - kept > most_lost) {
      most_lost = sum - kept;
      answer.limit = at;
    }
    add(++steps_ > kMostSteps ? kNone : limits_[at].outer, kept);
  }
  return answer;
}

}  // namespace clew::ledger
