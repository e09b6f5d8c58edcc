// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/mutex.h"
#include "ingest/limits.h"

namespace clew::ingest {

// Warns of what is refused for one reason: the first at once, and then one line for all of
// kRefusalLogInterval. Thread-safe.
class RefusalLog {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  void Note(std::string_view what) {
    if (const auto line = LineAt(std::chrono::steady_clock::now(), what)) base::LogWarning(*line);
  }

  // The line to log at that time, if there is one to.
  std::optional<std::string> LineAt(TimePoint now, std::string_view what) {
    const base::MutexLock lock(mutex_);
    if (now < next_line_) {
      ++unsaid_;
      return std::nullopt;
    }
    next_line_ = now + kRefusalLogInterval;
    std::string line(what);
    if (unsaid_ > 0) line += " (and " + std::to_string(unsaid_) + " more since the last such line)";
    unsaid_ = 0;
    return line;
  }

 private:
  base::Mutex mutex_;
  TimePoint next_line_ GUARDED_BY(mutex_) = TimePoint::min();
  uint64_t unsaid_ GUARDED_BY(mutex_) = 0;
};

}  // namespace clew::ingest
