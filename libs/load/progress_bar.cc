// SPDX-License-Identifier: Apache-2.0
#include "load/progress_bar.h"

#include <algorithm>
#include <cstdio>
#include <string>

namespace clew::load {

ProgressBar::ProgressBar(uint64_t spans)
    : spans_(spans), started_(std::chrono::steady_clock::now()) {}

void ProgressBar::Show(const SendCounts& counts) {
  constexpr size_t kCells = 30;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - started_;
  const auto done = static_cast<double>(counts.spans + counts.failed_spans);
  const double share = std::min(done / static_cast<double>(std::max<uint64_t>(spans_, 1)), 1.0);
  const auto filled = static_cast<size_t>(share * kCells);
  const double rate = done / std::max(passed.count(), 1e-3);
  const double left = share > 0 ? passed.count() * (1 - share) / share : 0;
  std::fprintf(stderr, "\r[%s%s] %3.0f %%  %.2fM spans  %.0fk spans/s  p99 %.1f ms  %.0f s left  ",
               std::string(filled, '#').c_str(), std::string(kCells - filled, '.').c_str(),
               share * 100, done / 1e6, rate / 1e3,
               static_cast<double>(counts.latency.Percentile(0.99)) / 1e6, left);
}

void ProgressBar::End(const SendCounts& counts) {
  Show(counts);
  std::fputc('\n', stderr);
}

}  // namespace clew::load
