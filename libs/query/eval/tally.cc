// SPDX-License-Identifier: Apache-2.0
#include "query/eval/tally.h"

#include <cstdint>

namespace clew::query {

Tally Tally::OfDurations(const Durations& durations) {
  Tally tally;
  tally.count_ = tally.durations_ = durations.count;
  tally.duration_sum_ns_ = durations.sum_ns;
  tally.min_ = Duration{durations.min_ns};
  tally.max_ = Duration{durations.max_ns};
  return tally;
}

void Tally::Add(const Value& value) {
  value.ForEach([&](const Scalar& one) {
    if (NumberOf(one) && !IsNaN(one)) Add(one);
  });
}

void Tally::Add(const Scalar& number) {
  if (count_ == 0 || OrderOf(number, min_) < 0) min_ = number;
  if (count_ == 0 || OrderOf(number, max_) > 0) max_ = number;
  ++count_;
  if (const auto* duration = std::get_if<Duration>(&number)) {
    ++durations_;
    duration_sum_ns_ += duration->ns;
  } else if (const auto* integer = std::get_if<int64_t>(&number)) {
    integer_sum_ += *integer;
  } else {
    ++floats_;
    float_sum_ += std::get<double>(number);
  }
}

void Tally::Add(const Tally& other) {
  if (other.count_ == 0) return;
  if (count_ == 0 || OrderOf(other.min_, min_) < 0) min_ = other.min_;
  if (count_ == 0 || OrderOf(other.max_, max_) > 0) max_ = other.max_;
  count_ += other.count_;
  durations_ += other.durations_;
  floats_ += other.floats_;
  integer_sum_ += other.integer_sum_;
  duration_sum_ns_ += other.duration_sum_ns_;
  float_sum_ += other.float_sum_;
}

Scalar Tally::Sum() const {
  if (count_ == 0) return Nil();
  const Wide whole = integer_sum_ + duration_sum_ns_;
  if (floats_ > 0) return static_cast<double>(whole) + float_sum_;
  if (whole < INT64_MIN || whole > INT64_MAX) return Nil();
  const auto sum = static_cast<int64_t>(whole);
  return durations_ > 0 ? Scalar(Duration{sum}) : Scalar(sum);
}

Scalar Tally::Mean() const {
  if (count_ == 0) return Nil();
  if (durations_ == count_) {
    return Duration{static_cast<int64_t>(duration_sum_ns_ / static_cast<Wide>(count_))};
  }
  const double sum = static_cast<double>(integer_sum_ + duration_sum_ns_) + float_sum_;
  return sum / static_cast<double>(count_);
}

double Tally::SumOfSamples() const {
  return static_cast<double>(integer_sum_) + static_cast<double>(duration_sum_ns_) / 1e9 +
         float_sum_;
}

}  // namespace clew::query
