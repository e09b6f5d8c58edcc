// SPDX-License-Identifier: Apache-2.0
#include "serve/streaming/progress_feed.h"

#include <algorithm>

#include "serve/limits.h"

namespace clew::serve {

uint64_t ProgressFeed::jobs() const {
  const base::MutexLock lock(mutex_);
  return progress_.total;
}

// The last job is the answer itself. Threads may tell out of order, and a bar never goes back.
void ProgressFeed::OnProgress(size_t done, size_t all) {
  const base::MutexLock lock(mutex_);
  const JobProgress told{.completed = std::min(done, all - 1), .total = all};
  if (told.completed * progress_.total < progress_.completed * told.total) return;
  progress_ = told;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_offer_ < kDiffInterval) return;
  last_offer_ = now;
  feed_.Offer({SearchMetricsPart(progress_, {})});
}

}  // namespace clew::serve
