// SPDX-License-Identifier: Apache-2.0
#include "reference/tally.h"

#include <cmath>

#include "reference/numbers.h"

namespace clew::reference {

using traceql::Duration;
using traceql::Static;

void Tally::Add(const FieldValue& value) {
  for (const Static& element : value.values) {
    const std::optional<double> number = NumberOf(element);
    if (number && !std::isnan(*number)) Add(element);
  }
}

void Tally::Add(const Static& number) {
  ++count_;
  if (const auto* const duration = std::get_if<Duration>(&number)) {
    ++durations_;
    duration_sum_ns_ += duration->ns;
  } else if (const auto* const integer = std::get_if<int64_t>(&number)) {
    integer_sum_ += *integer;
  } else {
    ++floats_;
    float_sum_ += std::get<double>(number);
  }
  const FieldValue value = FieldValue::Of(number);
  if (!min_ || OrderOf(value, FieldValue::Of(*min_)) < 0) min_ = number;
  if (!max_ || OrderOf(value, FieldValue::Of(*max_)) > 0) max_ = number;
}

std::optional<Static> Tally::Sum() const {
  if (count_ == 0) return std::nullopt;
  const Wide whole = integer_sum_ + duration_sum_ns_;
  if (floats_ > 0) return static_cast<double>(whole) + float_sum_;
  if (whole < INT64_MIN || whole > INT64_MAX) return std::nullopt;
  if (durations_ > 0) return Duration{static_cast<int64_t>(whole)};
  return static_cast<int64_t>(whole);
}

std::optional<Static> Tally::Mean() const {
  if (count_ == 0) return std::nullopt;
  if (durations_ == count_) {
    return Duration{static_cast<int64_t>(duration_sum_ns_ / static_cast<Wide>(count_))};
  }
  const double sum = static_cast<double>(integer_sum_ + duration_sum_ns_) + float_sum_;
  return sum / static_cast<double>(count_);
}

double Tally::SumSample() const {
  return static_cast<double>(integer_sum_) + static_cast<double>(duration_sum_ns_) / 1e9 +
         float_sum_;
}

}  // namespace clew::reference
