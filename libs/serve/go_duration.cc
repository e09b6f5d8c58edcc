// SPDX-License-Identifier: Apache-2.0
#include "serve/go_duration.h"

#include <cstdint>
#include <optional>
#include <string>

namespace clew::serve {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<uint64_t> UnitNanos(std::string_view unit) {
  struct Unit {
    std::string_view name;
    uint64_t nanos;
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

base::Error InvalidTime(std::string_view problem, std::string_view text) {
  return {base::ErrorCode::kInvalidArgument,
          "time: " + std::string(problem) + " \"" + std::string(text) + "\""};
}

// The largest number of nanoseconds without its sign: that of the smallest int64.
constexpr uint64_t kMaxNanos = uint64_t{1} << 63;

// Takes digits off the front of `rest` and returns their value; nothing when it
// is over kMaxNanos.
std::optional<uint64_t> TakeInteger(std::string_view& rest) {
  uint64_t value = 0;
  while (!rest.empty() && IsDigit(rest.front())) {
    if (value > kMaxNanos / 10) return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(rest.front() - '0');
    if (value > kMaxNanos) return std::nullopt;
    rest.remove_prefix(1);
  }
  return value;
}

// Digits after a point: value / scale.
struct Fraction {
  uint64_t value = 0;
  double scale = 1;

  uint64_t Of(uint64_t nanos) const {
    return static_cast<uint64_t>(static_cast<double>(value) * (static_cast<double>(nanos) / scale));
  }
};

// Takes digits off the front of `rest`; those too small to count are dropped.
Fraction TakeFraction(std::string_view& rest) {
  Fraction fraction;
  for (; !rest.empty() && IsDigit(rest.front()); rest.remove_prefix(1)) {
    if (fraction.value > (kMaxNanos - 10) / 10) continue;
    fraction.value = fraction.value * 10 + static_cast<uint64_t>(rest.front() - '0');
    fraction.scale *= 10;
  }
  return fraction;
}

// One "1.5s" off the front of `rest`.
base::Result<uint64_t> TakePart(std::string_view& rest, std::string_view whole) {
  const size_t before = rest.size();
  const std::optional<uint64_t> integer = TakeInteger(rest);
  if (!integer) return InvalidTime("invalid duration", whole);
  size_t digits = before - rest.size();
  Fraction fraction;
  if (!rest.empty() && rest.front() == '.') {
    rest.remove_prefix(1);
    const size_t before_fraction = rest.size();
    fraction = TakeFraction(rest);
    digits += before_fraction - rest.size();
  }
  if (digits == 0) return InvalidTime("invalid duration", whole);

  size_t unit_size = 0;
  while (unit_size < rest.size() && rest[unit_size] != '.' && !IsDigit(rest[unit_size])) {
    ++unit_size;
  }
  if (unit_size == 0) return InvalidTime("missing unit in duration", whole);
  const std::string_view unit = rest.substr(0, unit_size);
  const std::optional<uint64_t> nanos = UnitNanos(unit);
  if (!nanos) return InvalidTime("unknown unit \"" + std::string(unit) + "\" in duration", whole);
  rest.remove_prefix(unit_size);
  if (*integer > kMaxNanos / *nanos) return InvalidTime("invalid duration", whole);
  return *integer * *nanos + fraction.Of(*nanos);
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
  if (rest.empty()) return InvalidTime("invalid duration", text);
  uint64_t total = 0;
  while (!rest.empty()) {
    const uint64_t part = TRY(TakePart(rest, text));
    if (part > kMaxNanos - total) return InvalidTime("invalid duration", text);
    total += part;
  }
  if (negative) return static_cast<int64_t>(0 - total);
  if (total == kMaxNanos) return InvalidTime("invalid duration", text);
  return static_cast<int64_t>(total);
}

}  // namespace clew::serve
