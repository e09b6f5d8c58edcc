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

// Buckets come in ascending order again and again, so each is near the one before.
void Log2Histogram::Add(double bucket, uint64_t count) {
  while (last_ > 0 && (last_ == counts_.size() || counts_[last_].first > bucket)) --last_;
  while (last_ < counts_.size() && counts_[last_].first < bucket) ++last_;
  if (last_ == counts_.size() || counts_[last_].first != bucket) {
    counts_.insert(counts_.begin() + static_cast<ptrdiff_t>(last_), {bucket, 0});
  }
  counts_[last_].second += count;
}

void Log2Histogram::Add(const Log2Histogram& other) {
  for (const auto& [bucket, count] : other.counts_) Add(bucket, count);
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
