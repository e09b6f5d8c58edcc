// SPDX-License-Identifier: Apache-2.0
#include "sparkline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace clew {
namespace {

using Bars = std::vector<std::optional<double>>;

Bars Shrunk(std::span<const std::optional<double>> values, size_t width) {
  Bars bars(std::min(values.size(), width));
  for (size_t i = 0; i < values.size(); ++i) {
    if (!values[i] || !std::isfinite(*values[i])) continue;
    std::optional<double>& bar = bars[i * bars.size() / values.size()];
    bar = bar ? std::max(*bar, *values[i]) : *values[i];
  }
  return bars;
}

}  // namespace

std::string Sparkline(std::span<const std::optional<double>> values, size_t width) {
  static constexpr std::array<const char*, 8> kBars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const Bars bars = Shrunk(values, width);
  double low = 0;
  double high = 0;
  for (const std::optional<double>& bar : bars) {
    low = std::min(low, bar.value_or(low));
    high = std::max(high, bar.value_or(high));
  }
  std::string line;
  for (const std::optional<double>& bar : bars) {
    if (!bar) {
      line += ' ';
      continue;
    }
    // By halves, so that no difference overflows.
    const double share = high > low ? (*bar / 2 - low / 2) / (high / 2 - low / 2) : 0;
    line += kBars[static_cast<size_t>(std::lround(share * (kBars.size() - 1)))];
  }
  return line;
}

}  // namespace clew
