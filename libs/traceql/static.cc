// SPDX-License-Identifier: Apache-2.0
#include "traceql/static.h"

namespace clew::traceql {

std::optional<Static> Negated(const Static& number) {
  if (const int64_t* const integer = std::get_if<int64_t>(&number)) {
    if (*integer == INT64_MIN) return std::nullopt;
    return -*integer;
  }
  if (const double* const real = std::get_if<double>(&number)) return -*real;
  if (const Duration* const duration = std::get_if<Duration>(&number)) {
    return Duration{-duration->ns};
  }
  return std::nullopt;
}

}  // namespace clew::traceql
