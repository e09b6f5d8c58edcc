// SPDX-License-Identifier: Apache-2.0
#include "wire/micros_json.h"

#include <cmath>
#include <limits>

#include "wire/json_scalar.h"

namespace clew::wire {
namespace {

constexpr int64_t kNanos = 1000;

}  // namespace

JsonTime ReadJsonMicros(JsonValue value) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max() / kNanos;
  JsonTime time;
  if (const std::optional<int64_t> micros = ReadJsonInt64(value)) {
    time.is_number = true;
    if (*micros >= 0 && *micros <= kMost) time.nanos = *micros * kNanos;
  } else if (const std::optional<double> number = ReadJsonDouble(value)) {
    time.is_number = true;
    const double nanos = *number * static_cast<double>(kNanos);
    if (nanos >= 0 && nanos < 0x1p63) time.nanos = std::llround(nanos);
  }
  return time;
}

std::optional<int64_t> AddNanos(std::optional<int64_t> a, std::optional<int64_t> b) {
  int64_t sum = 0;
  if (!a || !b || __builtin_add_overflow(*a, *b, &sum)) return std::nullopt;
  return sum;
}

}  // namespace clew::wire
