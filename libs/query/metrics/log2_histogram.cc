// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/log2_histogram.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <span>
#include <utility>

namespace clew::query {

std::optional<Log2Bucket> Log2Bucket::Of(const Scalar& value) {
  const std::optional<int64_t> whole = WholeOf(value);
  if (!whole || *whole < 2) return std::nullopt;
  const auto exponent = static_cast<uint32_t>(std::bit_width(static_cast<uint64_t>(*whole) - 1));
  return std::holds_alternative<Duration>(value) ? OfDuration(exponent) : OfWhole(exponent);
}

double Log2Bucket::bound() const {
  if (index_ >= kExponents) return std::ldexp(1.0, static_cast<int>(index_ - kExponents));
  return std::ldexp(1.0, static_cast<int>(index_)) / 1e9;
}

// Those of a group are near each other.
void Log2Histogram::Add(Log2Bucket bucket, uint64_t count) {
  const uint32_t index = bucket.index();
  if (counts_.empty()) first_ = index;
  if (index < first_) {
    counts_.insert(counts_.begin(), first_ - index, 0);
    first_ = index;
  }
  if (index - first_ >= counts_.size()) counts_.resize(index - first_ + 1);
  counts_[index - first_] += count;
}

void Log2Histogram::Add(const Log2Histogram& other) {
  for (uint32_t i = 0; i < other.counts_.size(); ++i) {
    if (other.counts_[i] > 0) Add(Log2Bucket::OfIndex(other.first_ + i), other.counts_[i]);
  }
}

double Log2Histogram::Quantile(double q) const {
  uint64_t total = 0;
  std::array<std::pair<double, uint64_t>, Log2Bucket::kCount> all;
  size_t count = 0;
  for (uint32_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    total += counts_[i];
    all[count++] = {Log2Bucket::OfIndex(first_ + i).bound(), counts_[i]};
  }
  const std::span buckets(all.data(), count);
  // Durations and whole numbers may be mixed.
  if (!std::ranges::is_sorted(buckets)) std::ranges::sort(buckets);
  const double rank = std::max(std::ceil(q * static_cast<double>(total)), 1.0);
  double below = 0;
  for (const auto& [bound, spans] : buckets) {
    const auto inside = static_cast<double>(spans);
    if (below + inside >= rank) return bound / 2 * std::exp2((rank - below) / inside);
    below += inside;
  }
  return 0;
}

}  // namespace clew::query
