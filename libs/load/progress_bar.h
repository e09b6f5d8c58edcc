// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "load/sender.h"

namespace clew::load {

// One line on stderr that says how far a load is. Used on one thread.
class ProgressBar {
 public:
  explicit ProgressBar(uint64_t spans);

  void Show(const SendCounts& counts);
  // The last time, with the end of the line.
  void End(const SendCounts& counts);

 private:
  const uint64_t spans_;
  const std::chrono::steady_clock::time_point started_;
};

}  // namespace clew::load
