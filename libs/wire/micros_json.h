// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "wire/json_tree.h"

namespace clew::wire {

// A time of Jaeger or Zipkin.
struct JsonTime {
  bool is_number = false;
  // Unset when it is negative or does not fit int64.
  std::optional<int64_t> nanos{};
};

// Microseconds, as nanoseconds; a fraction counts as well.
JsonTime ReadJsonMicros(JsonValue value);

// The sum; unset when one of them is, or when it does not fit.
std::optional<int64_t> AddNanos(std::optional<int64_t> a, std::optional<int64_t> b);

}  // namespace clew::wire
