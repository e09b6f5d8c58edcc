// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/durations.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace clew::ledger {
namespace {

// The first `count` indices by what `rank` gives for a duration, then by index.
template <typename Rank>
std::vector<size_t> FirstBy(std::span<const uint64_t> nanos, size_t count, Rank rank) {
  std::vector<size_t> order(nanos.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const size_t kept = std::min(count, order.size());
  std::ranges::partial_sort(order, order.begin() + static_cast<ptrdiff_t>(kept), {},
                            [&](size_t i) { return std::pair(rank(nanos[i]), i); });
  order.resize(kept);
  return order;
}

}  // namespace

std::vector<size_t> Slowest(std::span<const uint64_t> nanos, size_t count) {
  return FirstBy(nanos, count, [](uint64_t duration) { return UINT64_MAX - duration; });
}

std::vector<size_t> MostTypical(std::span<const uint64_t> nanos, size_t count) {
  if (nanos.empty()) return {};
  std::vector<uint64_t> sorted(nanos.begin(), nanos.end());
  const auto middle = sorted.begin() + static_cast<ptrdiff_t>((sorted.size() - 1) / 2);
  std::ranges::nth_element(sorted, middle);
  return FirstBy(nanos, count, [median = *middle](uint64_t duration) {
    return duration > median ? duration - median : median - duration;
  });
}

DurationBins BinsOf(std::span<const uint64_t> set, std::span<const uint64_t> baseline) {
  DurationBins bins;
  for (const auto& nanos : {set, baseline}) {
    for (const uint64_t duration : nanos) {
      // What took no time has no logarithm.
      const uint64_t counted = std::max<uint64_t>(1, duration);
      bins.from_ns = bins.from_ns == 0 ? counted : std::min(bins.from_ns, counted);
      bins.to_ns = std::max(bins.to_ns, counted);
    }
  }
  const double from = std::log(static_cast<double>(bins.from_ns));
  const double width = std::log(static_cast<double>(bins.to_ns)) - from;
  const auto count = [&](std::span<const uint64_t> nanos) {
    std::vector<uint64_t> counts(DurationBins::kBins);
    for (const uint64_t duration : nanos) {
      const double at = std::log(static_cast<double>(std::max<uint64_t>(1, duration))) - from;
      const double share = width > 0 ? at / width : 0.5;
      const auto bin = static_cast<size_t>(share * static_cast<double>(DurationBins::kBins));
      ++counts[std::min(bin, DurationBins::kBins - 1)];
    }
    return counts;
  };
  bins.set = count(set);
  bins.baseline = count(baseline);
  return bins;
}

}  // namespace clew::ledger
