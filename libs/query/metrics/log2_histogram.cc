// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/log2_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>

namespace clew::query {

std::optional<double> BucketOf(const Scalar& value) {
  const std::optional<int64_t> whole = WholeOf(value);
  if (!whole || *whole < 2) return std::nullopt;
  const auto exponent = static_cast<int>(std::bit_width(static_cast<uint64_t>(*whole) - 1));
  const double power = std::ldexp(1.0, exponent);
  return std::holds_alternative<Duration>(value) ? power / 1e9 : power;
}

void Log2Histogram::Add(double bucket, uint64_t count) {
  auto place = counts_.end();
  while (place != counts_.begin() && std::prev(place)->first >= bucket) --place;
  if (place == counts_.end() || place->first != bucket) place = counts_.insert(place, {bucket, 0});
  place->second += count;
}

double Log2Histogram::Quantile(double q) const {
  uint64_t total = 0;
  for (const auto& [bucket, count] : counts_) total += count;
  const double rank = std::max(std::ceil(q * static_cast<double>(total)), 1.0);
  double below = 0;
  for (const auto& [bucket, count] : counts_) {
    const auto inside = static_cast<double>(count);
    if (below + inside >= rank) return bucket / 2 * std::exp2((rank - below) / inside);
    below += inside;
  }
  return 0;
}

}  // namespace clew::query
