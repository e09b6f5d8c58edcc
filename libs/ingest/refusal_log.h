// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "base/mutex.h"
#include "ingest/limits.h"

namespace clew::ingest {

// Warns of what was refused from clients that are not answered: the first at once, and
// then one line for all of kRefusalLogInterval. Thread-safe.
class RefusalLog {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // `what` is refused, as in "datagram of a Jaeger client".
  explicit RefusalLog(std::string what) : what_(std::move(what)) {}

  void Note(std::string_view reason) {
    if (const auto line = LineAt(std::chrono::steady_clock::now(), reason)) base::LogWarning(*line);
  }

  // The line to log at that time, if there is one to.
  std::optional<std::string> LineAt(TimePoint now, std::string_view reason) {
    const base::MutexLock lock(mutex_);
    if (now < next_line_) {
      ++unsaid_;
      return std::nullopt;
    }
    next_line_ = now + kRefusalLogInterval;
    std::string line = "refused a " + what_ + ": " + std::string(reason);
    if (unsaid_ > 0) line += " (and " + std::to_string(unsaid_) + " more since the last such line)";
    unsaid_ = 0;
    return line;
  }

 private:
  const std::string what_;
  base::Mutex mutex_;
  TimePoint next_line_ GUARDED_BY(mutex_) = TimePoint::min();
  uint64_t unsaid_ GUARDED_BY(mutex_) = 0;
};

}  // namespace clew::ingest
