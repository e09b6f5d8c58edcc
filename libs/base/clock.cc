// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <chrono>

namespace clew::base {
namespace {

template <typename C>
int64_t NanosOf() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(C::now().time_since_epoch()).count();
}

class SystemClock final : public Clock {
 public:
  int64_t UnixNanos() const override { return NanosOf<std::chrono::system_clock>(); }
  int64_t MonotonicNanos() const override { return NanosOf<std::chrono::steady_clock>(); }
};

}  // namespace

Clock& Clock::System() {
  static SystemClock clock;
  return clock;
}

}  // namespace clew::base
