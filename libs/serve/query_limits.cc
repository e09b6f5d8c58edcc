// SPDX-License-Identifier: Apache-2.0
#include "serve/query_limits.h"

#include <cstdint>
#include <utility>

namespace clew::serve {

std::string DurationText(std::chrono::nanoseconds duration) {
  // In the largest unit that tells it whole.
  static constexpr std::pair<int64_t, const char*> kUnits[] = {
      {1'000'000'000, " s"}, {1'000'000, " ms"}, {1'000, " µs"}};
  for (const auto& [of_unit, name] : kUnits) {
    if (duration.count() % of_unit == 0) return std::to_string(duration.count() / of_unit) + name;
  }
  return std::to_string(duration.count()) + " ns";
}

base::Error WaitedTooLong(const QueryLimits& limits) {
  return {base::ErrorCode::kExhausted,
          "query waited longer than " + DurationText(limits.queue_wait) + " for its turn; " +
              std::to_string(limits.concurrency) + " run at the same time"};
}

base::Error TookTooLong(const QueryLimits& limits) {
  return {base::ErrorCode::kDeadlineExceeded, "query took longer than its time limit of " +
                                                  DurationText(limits.timeout) +
                                                  "; narrow the filter or the time range"};
}

}  // namespace clew::serve
