// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "opentelemetry/version.h"

namespace opentelemetry::inline v1::common {

// A wall-clock time; zero means "not given".
class SystemTimestamp {
 public:
  constexpr SystemTimestamp() = default;
  constexpr explicit SystemTimestamp(std::chrono::nanoseconds since_epoch)
      : nanos_(since_epoch.count()) {}
  // NOLINTNEXTLINE(google-explicit-constructor): implicit in opentelemetry-cpp too
  SystemTimestamp(std::chrono::system_clock::time_point time)
      : nanos_(
            std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count()) {
  }

  std::chrono::nanoseconds time_since_epoch() const { return std::chrono::nanoseconds(nanos_); }
  bool operator==(const SystemTimestamp&) const = default;

 private:
  int64_t nanos_ = 0;
};

// A monotonic time, from which durations are computed; zero means "not given".
class SteadyTimestamp {
 public:
  constexpr SteadyTimestamp() = default;
  constexpr explicit SteadyTimestamp(std::chrono::nanoseconds since_epoch)
      : nanos_(since_epoch.count()) {}
  // NOLINTNEXTLINE(google-explicit-constructor): implicit in opentelemetry-cpp too
  SteadyTimestamp(std::chrono::steady_clock::time_point time)
      : nanos_(
            std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count()) {
  }

  std::chrono::nanoseconds time_since_epoch() const { return std::chrono::nanoseconds(nanos_); }
  bool operator==(const SteadyTimestamp&) const = default;

 private:
  int64_t nanos_ = 0;
};

}  // namespace opentelemetry::inline v1::common
