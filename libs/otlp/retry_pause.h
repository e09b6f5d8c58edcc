// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

namespace clew::otlp {

// How long an exporter rests before it tries again, when the other side does not say: twice as
// long each time.
class RetryPause {
 public:
  explicit RetryPause(std::chrono::milliseconds longest = std::chrono::milliseconds(5000))
      : longest_(longest) {}
  std::chrono::milliseconds Next() { return std::exchange(next_, std::min(2 * next_, longest_)); }

 private:
  const std::chrono::milliseconds longest_;
  std::chrono::milliseconds next_{50};
};

}  // namespace clew::otlp
