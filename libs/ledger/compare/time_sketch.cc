// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/time_sketch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/varint.h"

namespace clew::ledger {
namespace {

using base::Error;
using base::ErrorCode;

constexpr int32_t kPerDoubling = 1 << TimeSketch::kScale;
constexpr int32_t kBuckets = 64 * kPerDoubling;  // of all 64-bit times

// The upper ends of the buckets of [1, 2).
const std::array<double, kPerDoubling>& UpperEnds() {
  static const std::array<double, kPerDoubling> upper_ends = [] {
    std::array<double, kPerDoubling> ends;
    for (size_t i = 0; i < ends.size(); ++i) {
      ends[i] = std::exp2(static_cast<double>(i + 1) / kPerDoubling);
    }
    return ends;
  }();
  return upper_ends;
}

// The bucket (2^(i/32), 2^((i+1)/32)] of a time; that of 1 ns is -1. REQUIRES: nanos > 0
int32_t BucketOf(uint64_t nanos) {
  int exponent = 0;
  const double fraction = 2 * std::frexp(static_cast<double>(nanos), &exponent);  // [1, 2)
  const int32_t doubling = (exponent - 1) * kPerDoubling;
  if (fraction == 1) return doubling - 1;
  const auto end = std::ranges::lower_bound(UpperEnds(), fraction);
  return doubling + static_cast<int32_t>(end - UpperEnds().begin());
}

// The value that is as far from both ends, as a share of it.
double MiddleOf(int32_t bucket) {
  const double low = std::exp2(static_cast<double>(bucket) / kPerDoubling);
  const double high = std::exp2((bucket + 1.0) / kPerDoubling);
  return 2 * low * high / (low + high);
}

Error Damaged() {
  return {ErrorCode::kCorruption, "histogram of times is damaged"};
}

}  // namespace

void TimeSketch::Add(uint64_t nanos, uint64_t times) {
  if (times == 0) return;
  if (nanos == 0) return AddAbsent(times);
  AddTo(BucketOf(nanos), times);
  positive_ += times;
  sum_ += nanos * times;
}

void TimeSketch::AddTo(int32_t index, uint64_t count) {
  const auto place = std::ranges::lower_bound(buckets_, index, {}, &Bucket::index);
  if (place != buckets_.end() && place->index == index) {
    place->count += count;
  } else {
    buckets_.insert(place, {.index = index, .count = count});
  }
}

void TimeSketch::Merge(const TimeSketch& other) {
  for (const auto& [bucket, count] : other.buckets_) AddTo(bucket, count);
  zeros_ += other.zeros_;
  positive_ += other.positive_;
  sum_ += other.sum_;
}

double TimeSketch::mean() const {
  return count() == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count());
}

double TimeSketch::Quantile(double quantile) const {
  const auto rank = static_cast<uint64_t>(std::ceil(quantile * static_cast<double>(count())));
  uint64_t passed = zeros_;
  if (rank <= passed) return 0;
  for (const auto& [bucket, count] : buckets_) {
    passed += count;
    if (rank <= passed) return MiddleOf(bucket);
  }
  return buckets_.empty() ? 0 : MiddleOf(buckets_.back().index);
}

double TimeSketch::MeanUpTo(double quantile) const {
  if (count() == 0) return 0;
  const double most = Quantile(quantile);
  double sum = 0;
  for (const auto& [bucket, count] : buckets_) {
    sum += std::min(most, MiddleOf(bucket)) * static_cast<double>(count);
  }
  return sum / static_cast<double>(count());
}

uint64_t TimeSketch::CountBelow(uint64_t nanos) const {
  if (nanos == 0) return 0;
  uint64_t below = zeros_;
  const int32_t own = BucketOf(nanos);
  for (const auto& [bucket, count] : buckets_) {
    if (bucket >= own) break;
    below += count;
  }
  return below;
}

void TimeSketch::AppendTo(std::string& bytes) const {
  base::AppendVarint(bytes, zeros_);
  base::AppendVarint(bytes, sum_);
  base::AppendVarint(bytes, buckets_.size());
  int32_t last = -2;  // so that a step is never 0
  for (const auto& [bucket, count] : buckets_) {
    base::AppendVarint(bytes, static_cast<uint64_t>(bucket - last));
    base::AppendVarint(bytes, count);
    last = bucket;
  }
}

base::Result<TimeSketch> TimeSketch::ReadFrom(std::string_view& bytes) {
  TimeSketch sketch;
  const auto zeros = base::TakeVarint(bytes);
  const auto sum = base::TakeVarint(bytes);
  const auto size = base::TakeVarint(bytes);
  if (!zeros || !sum || !size || *size > kBuckets + 1) return Damaged();
  sketch.zeros_ = *zeros;
  sketch.sum_ = *sum;
  int64_t bucket = -2;
  for (uint64_t i = 0; i < *size; ++i) {
    const auto step = base::TakeVarint(bytes);
    const auto count = base::TakeVarint(bytes);
    if (!step || *step == 0 || *step > kBuckets + 1 || !count || *count == 0) return Damaged();
    bucket += static_cast<int64_t>(*step);
    if (bucket >= kBuckets || sketch.positive_ + *count < *count) return Damaged();
    sketch.buckets_.push_back({.index = static_cast<int32_t>(bucket), .count = *count});
    sketch.positive_ += *count;
  }
  if (sketch.zeros_ + sketch.positive_ < sketch.zeros_) return Damaged();
  return sketch;
}

}  // namespace clew::ledger
