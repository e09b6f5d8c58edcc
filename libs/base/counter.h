// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace clew::base {

// A number that many threads add to and that somebody looks at now and then.
//
// Ordering: relaxed. No other memory is read because of what it says, so nothing needs to be
// visible with it; each Add counts once, and a later look of the same thread sees no less.
class Counter {
 public:
  void Add(uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  // Of what was added.
  void Take(uint64_t count = 1) { value_.fetch_sub(count, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

// How long something took, how often. Thread-safe; a look while others add may miss some of
// what is being added, and never counts anything twice.
class DurationHistogram {
 public:
  // What a bucket holds at most, itself included; the last one holds the rest.
  static constexpr std::array<double, 14> kBoundsSeconds = {
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60};
  static constexpr size_t kBuckets = kBoundsSeconds.size() + 1;

  static size_t BucketOf(std::chrono::nanoseconds took) {
    const double seconds = std::chrono::duration<double>(took).count();
    size_t bucket = 0;
    while (bucket < kBoundsSeconds.size() && seconds > kBoundsSeconds[bucket]) ++bucket;
    return bucket;
  }
  void Add(std::chrono::nanoseconds took) {
    buckets_[BucketOf(took)].Add();
    nanos_.Add(static_cast<uint64_t>(took.count()));
  }

  struct Counts {
    std::array<uint64_t, kBuckets> buckets{};  // each for itself
    double sum_seconds = 0;
  };
  Counts counts() const {
    Counts counts;
    for (size_t i = 0; i < kBuckets; ++i) counts.buckets[i] = buckets_[i].value();
    counts.sum_seconds = static_cast<double>(nanos_.value()) / 1e9;
    return counts;
  }

 private:
  std::array<Counter, kBuckets> buckets_;
  Counter nanos_;
};

}  // namespace clew::base
