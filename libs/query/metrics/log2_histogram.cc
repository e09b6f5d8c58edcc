// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/log2_histogram.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "store/exponents.h"

namespace clew::query {

std::optional<Log2Bucket> Log2Bucket::Of(const Scalar& value) {
  const std::optional<int64_t> whole = WholeOf(value);
  const uint32_t exponent = whole ? store::ExponentOf(*whole) : 0;
  if (exponent == 0) return std::nullopt;
  return std::holds_alternative<Duration>(value) ? OfDuration(exponent) : OfWhole(exponent);
}

double Log2Bucket::bound() const {
  if (index_ >= kExponents) return std::ldexp(1.0, static_cast<int>(index_ - kExponents));
  return std::ldexp(1.0, static_cast<int>(index_)) / 1e9;
}

// Those of a group are near each other.
void Log2Histogram::Cover(Log2Bucket one, Log2Bucket other) {
  const auto [first, last] = std::minmax({one.index(), other.index()});
  if (counts_.empty()) first_ = first;
  if (first < first_) {
    counts_.insert(counts_.begin(), first_ - first, 0);
    first_ = first;
  }
  if (last - first_ >= counts_.size()) counts_.resize(last - first_ + 1);
}

void Log2Histogram::Add(Log2Bucket bucket, uint64_t count) {
  Cover(bucket, bucket);
  counts_[bucket.index() - first_] += count;
}

void Log2Histogram::Add(const Log2Histogram& other) {
  if (other.counts_.empty()) return;
  const auto last = other.first_ + static_cast<uint32_t>(other.counts_.size()) - 1;
  Cover(Log2Bucket::OfIndex(other.first_), Log2Bucket::OfIndex(last));
  uint64_t* const counts = counts_.data() + (other.first_ - first_);
  for (size_t i = 0; i < other.counts_.size(); ++i) counts[i] += other.counts_[i];
}

double Log2Histogram::Quantile(double q) const {
  std::array<uint32_t, Log2Bucket::kCount> all;
  size_t count = 0;
  uint64_t total = 0;
  for (uint32_t i = 0; i < counts_.size(); ++i) {
    total += counts_[i];
    if (counts_[i] > 0) all[count++] = i;
  }
  const std::span buckets(all.data(), count);
  const auto bound_of = [this](uint32_t i) { return Log2Bucket::OfIndex(first_ + i).bound(); };
  // Durations and whole numbers may be mixed; else the bounds ascend.
  const bool mixed = Log2Bucket::AreMixed(first_, first_ + static_cast<uint32_t>(counts_.size()));
  if (mixed) std::ranges::sort(buckets, {}, bound_of);
  const double rank = std::max(std::ceil(q * static_cast<double>(total)), 1.0);
  double below = 0;
  for (const uint32_t i : buckets) {
    const auto inside = static_cast<double>(counts_[i]);
    if (below + inside >= rank) return bound_of(i) / 2 * std::exp2((rank - below) / inside);
    below += inside;
  }
  return 0;
}

}  // namespace clew::query
