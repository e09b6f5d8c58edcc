// SPDX-License-Identifier: Apache-2.0
#include "ingest/refusal.h"

#include <algorithm>

#include "ingest/limits.h"

namespace clew::ingest {

std::optional<int> RetryAfterSeconds(const Refusal& refusal) {
  if (refusal.error.code != base::ErrorCode::kExhausted) return std::nullopt;
  if (!refusal.wait) return kRetryAfterSeconds;
  const int64_t seconds = std::chrono::ceil<std::chrono::seconds>(*refusal.wait).count();
  return static_cast<int>(std::clamp<int64_t>(seconds, 1, kMaxRetryAfterSeconds));
}

}  // namespace clew::ingest
