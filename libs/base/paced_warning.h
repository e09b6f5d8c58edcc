// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/mutex.h"

namespace clew::base {

// Warns of what a client can have happen as often as it likes: the first at once, and then one
// line for all of kInterval. Thread-safe.
class PacedWarning {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kInterval{10};

  void Note(std::string_view what) {
    if (const auto line = LineAt(std::chrono::steady_clock::now(), what)) LogWarning(*line);
  }

  // The line to log at that time, if there is one to.
  std::optional<std::string> LineAt(TimePoint now, std::string_view what) {
    const MutexLock lock(mutex_);
    if (now < next_line_) {
      ++unsaid_;
      return std::nullopt;
    }
    next_line_ = now + kInterval;
    std::string line(what);
    if (unsaid_ > 0) line += " (and " + std::to_string(unsaid_) + " more since the last such line)";
    unsaid_ = 0;
    return line;
  }

 private:
  Mutex mutex_;
  TimePoint next_line_ GUARDED_BY(mutex_) = TimePoint::min();
  uint64_t unsaid_ GUARDED_BY(mutex_) = 0;
};

}  // namespace clew::base
