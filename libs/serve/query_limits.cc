// SPDX-License-Identifier: Apache-2.0
#include "serve/query_limits.h"

namespace clew::serve {

std::string DurationText(std::chrono::nanoseconds duration) {
  using std::chrono::milliseconds;
  const auto millis = std::chrono::duration_cast<milliseconds>(duration).count();
  return millis % 1000 == 0 ? std::to_string(millis / 1000) + " s" : std::to_string(millis) + " ms";
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
