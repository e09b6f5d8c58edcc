// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "query/eval/value.h"

namespace clew::query {

// What a whole number or a duration is rounded up to: a power of two, of nanoseconds and then told
// in seconds. A number, so that counts are found at once.
class Log2Bucket {
 public:
  static constexpr uint32_t kCount = 128;  // of all there are
  // 2^exponent nanoseconds. REQUIRES: exponent < 64
  static Log2Bucket OfDuration(uint32_t exponent) { return Log2Bucket(exponent); }
  static Log2Bucket OfWhole(uint32_t exponent) { return Log2Bucket(kExponents + exponent); }
  // None below 2, and none of floats.
  static std::optional<Log2Bucket> Of(const Scalar& value);
  // REQUIRES: the index of one
  static Log2Bucket OfIndex(uint32_t index) { return Log2Bucket(index); }

  // Whether buckets whose indices are in [first, end) may be of both.
  static bool AreMixed(uint32_t first, uint32_t end) {
    return first < kExponents && end > kExponents;
  }

  // The largest value in it.
  double bound() const;
  uint32_t index() const { return index_; }
  bool operator==(const Log2Bucket&) const = default;

 private:
  static constexpr uint32_t kExponents = 64;
  explicit Log2Bucket(uint32_t index) : index_(index) {}

  uint32_t index_;
};

// How many values fell into each bucket; one whose bound is b has what lies in (b / 2, b].
class Log2Histogram {
 public:
  // Makes room for two buckets and all between them at once.
  void Cover(Log2Bucket one, Log2Bucket other);
  void Add(Log2Bucket bucket, uint64_t count);
  void Add(const Log2Histogram& other);
  // The value that the share q of all lies below: that of rank ceil(q n), the values of a
  // bucket taken to be spread evenly over its powers of two. 0 when there is none.
  double Quantile(double q) const;

 private:
  uint32_t first_ = 0;            // the index of the first of counts_
  std::vector<uint64_t> counts_;  // one bucket after the other
};

}  // namespace clew::query
