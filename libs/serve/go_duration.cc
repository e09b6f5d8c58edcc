// SPDX-License-Identifier: Apache-2.0
#include "serve/go_duration.h"

#include <cmath>
#include <limits>
#include <optional>
#include <string>

namespace clew::serve {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<int64_t> UnitNanos(std::string_view unit) {
  struct Unit {
    std::string_view name;
    int64_t nanos;
  };
  static constexpr Unit kUnits[] = {
      {"ns", 1},           {"us", 1000},         {"\xc2\xb5s", 1000},  // micro sign
      {"\xce\xbcs", 1000},                                             // Greek mu
      {"ms", 1'000'000},   {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000}};
  for (const Unit& known : kUnits) {
    if (known.name == unit) return known.nanos;
  }
  return std::nullopt;
}

base::Error Invalid(std::string_view problem, std::string_view text) {
  return {base::ErrorCode::kInvalidArgument,
          "time: " + std::string(problem) + " \"" + std::string(text) + "\""};
}

// Takes digits off the front of `rest` and returns their value; saturates far
// above every duration that fits.
double TakeDigits(std::string_view& rest, double& scale) {
  double value = 0;
  scale = 1;
  while (!rest.empty() && IsDigit(rest.front())) {
    value = value * 10 + (rest.front() - '0');
    scale *= 10;
    rest.remove_prefix(1);
  }
  return value;
}

// One "1.5s" off the front of `rest`.
base::Result<double> TakePart(std::string_view& rest, std::string_view whole) {
  const size_t before = rest.size();
  double scale = 1;
  double value = TakeDigits(rest, scale);
  size_t digits = before - rest.size();
  if (!rest.empty() && rest.front() == '.') {
    rest.remove_prefix(1);
    const size_t before_fraction = rest.size();
    const double fraction = TakeDigits(rest, scale);
    value += fraction / scale;
    digits += before_fraction - rest.size();
  }
  if (digits == 0) return Invalid("invalid duration", whole);

  size_t unit_size = 0;
  while (unit_size < rest.size() && rest[unit_size] != '.' && !IsDigit(rest[unit_size])) {
    ++unit_size;
  }
  if (unit_size == 0) return Invalid("missing unit in duration", whole);
  const std::string_view unit = rest.substr(0, unit_size);
  const std::optional<int64_t> nanos = UnitNanos(unit);
  if (!nanos) return Invalid("unknown unit \"" + std::string(unit) + "\" in duration", whole);
  rest.remove_prefix(unit_size);
  return value * static_cast<double>(*nanos);
}

}  // namespace

base::Result<int64_t> ParseGoDuration(std::string_view text) {
  std::string_view rest = text;
  bool negative = false;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  if (rest == "0") return int64_t{0};
  if (rest.empty()) return Invalid("invalid duration", text);
  double total = 0;
  while (!rest.empty()) {
    const double part = TRY(TakePart(rest, text));
    total += part;
  }
  if (!(total < 9.2e18)) return Invalid("invalid duration", text);
  const int64_t nanos = std::llround(total);
  return negative ? -nanos : nanos;
}

}  // namespace clew::serve
