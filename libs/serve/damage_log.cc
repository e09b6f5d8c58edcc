// SPDX-License-Identifier: Apache-2.0
#include "serve/damage_log.h"

#include <algorithm>
#include <cstdint>

#include "base/log.h"

namespace clew::serve {

std::string DamageLog::Report(const query::RunNotes& notes) {
  constexpr size_t kMostReported = 1000;
  const base::MutexLock lock(mutex_);
  for (const std::string& reason : notes.reasons()) {
    if (reported_.size() >= kMostReported || !reported_.insert(reason).second) continue;
    base::LogError("answers lack spans: " + reason + "; see clew block verify");
  }
  std::string line = notes.reasons().front();
  std::ranges::replace_if(line, [](char c) { return static_cast<uint8_t>(c) < 0x20; }, ' ');
  return line;
}

}  // namespace clew::serve
