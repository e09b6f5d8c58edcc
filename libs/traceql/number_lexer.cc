// SPDX-License-Identifier: Apache-2.0
#include "traceql/number_lexer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "traceql/characters.h"
#include "traceql/lexer.h"

namespace clew::traceql {
namespace {

constexpr int64_t kMillisecond = 1'000'000;
constexpr int64_t kSecond = 1'000 * kMillisecond;
constexpr int64_t kHour = 3'600 * kSecond;

struct Unit {
  std::string_view text;
  int64_t ns;
  bool prometheus;
  bool go;
};

// Those that begin as another does stand before it.
constexpr std::array<Unit, 11> kUnits = {{{"ns", 1, false, true},
                                          {"us", 1'000, false, true},
                                          {"\xC2\xB5s", 1'000, false, true},  // the micro sign
                                          {"\xCE\xBCs", 1'000, false, true},  // the Greek letter
                                          {"ms", kMillisecond, true, true},
                                          {"s", kSecond, true, true},
                                          {"m", 60 * kSecond, true, true},
                                          {"h", kHour, true, true},
                                          {"d", 24 * kHour, true, false},
                                          {"w", 168 * kHour, true, false},
                                          {"y", 8'760 * kHour, true, false}}};

size_t DigitsAt(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && IsDigit(text[end])) ++end;
  return end - at;
}

// Bytes of the digits, fraction and exponent that the text begins with.
size_t NumberSize(std::string_view text) {
  size_t size = DigitsAt(text, 0);
  if (size < text.size() && text[size] == '.') size += 1 + DigitsAt(text, size + 1);
  if (size < text.size() && (text[size] == 'e' || text[size] == 'E')) {
    const bool sign = size + 1 < text.size() && (text[size + 1] == '+' || text[size + 1] == '-');
    const size_t first = size + (sign ? 2 : 1);
    if (const size_t digits = DigitsAt(text, first); digits > 0) size = first + digits;
  }
  return size;
}

// Bytes of what a reader takes for one number, whatever stands in it.
size_t WordSize(std::string_view text) {
  size_t size = 0;
  while (size < text.size()) {
    const size_t character = text[size] == '.' ? 1 : WordCharacterSize(text.substr(size));
    if (character == 0) break;
    size += character;
  }
  return size;
}

const Unit* FindUnit(std::string_view text) {
  for (const Unit& unit : kUnits) {
    if (text.starts_with(unit.text)) return &unit;
  }
  return nullptr;
}

// A number with a unit, and the sums that they make.
struct DurationSum {
  bool prometheus = true;
  bool go = true;
  int64_t last_unit_ns = INT64_MAX;
  int64_t ns = 0;

  // Adds `number` of a unit; false when it no longer fits or is of no known form.
  bool Add(std::string_view number, const Unit& unit) {
    prometheus = prometheus && unit.prometheus && unit.ns < last_unit_ns &&
                 number.find('.') == std::string_view::npos;
    go = go && unit.go;
    last_unit_ns = unit.ns;
    const size_t whole_size = DigitsAt(number, 0);
    int64_t whole = 0;
    if (whole_size > 0 &&
        std::from_chars(number.data(), number.data() + whole_size, whole).ec != std::errc()) {
      return false;
    }
    int64_t part = 0;
    if (__builtin_mul_overflow(whole, unit.ns, &part)) return false;
    if (__builtin_add_overflow(ns, part, &ns)) return false;
    if (__builtin_add_overflow(ns, FractionOf(number.substr(whole_size), unit.ns), &ns)) {
      return false;
    }
    return prometheus || go;
  }

 private:
  // Digit by digit, so that 0.1s is exact.
  static int64_t FractionOf(std::string_view fraction, int64_t unit_ns) {
    int64_t ns = 0;
    int64_t scale = 1;
    // Further digits are less than a nanosecond of any unit.
    for (size_t i = 1; i < fraction.size() && i <= 15; ++i) {
      scale *= 10;
      const int64_t digit = fraction[i] - '0';
      ns += digit * unit_ns / scale;
    }
    return ns;
  }
};

size_t LexDuration(std::string_view word, Token& token) {
  const std::optional<int64_t> ns = ParseDuration(word);
  if (!ns) {
    return MakeInvalid(
        token, "invalid duration: " + std::string(word),
        "durations are numbers with ns, us, ms, s, m, h, d, w or y, the largest first");
  }
  token.kind = TokenKind::kDuration;
  token.integer = *ns;
  return word.size();
}

size_t LexInteger(std::string_view digits, Token& token) {
  const char* const end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, token.integer).ec != std::errc()) {
    return MakeInvalid(token, "value out of range: " + std::string(digits),
                       "integers go up to 9223372036854775807");
  }
  token.kind = TokenKind::kInteger;
  return digits.size();
}

size_t LexFloat(std::string_view number, Token& token) {
  const char* const end = number.data() + number.size();
  const bool fits = std::from_chars(number.data(), end, token.number).ec == std::errc();
  // What is too small to be told from zero is zero, as in Go.
  if (!fits && std::isinf(std::strtod(std::string(number).c_str(), nullptr))) {
    return MakeInvalid(token, "value out of range: " + std::string(number),
                       "floats have 64 bits, up to about 1.8e308");
  }
  token.kind = TokenKind::kFloat;
  return number.size();
}

}  // namespace

std::optional<int64_t> ParseDuration(std::string_view text) {
  DurationSum sum;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    size_t size = DigitsAt(text, 0);
    if (size < text.size() && text[size] == '.') size += 1 + DigitsAt(text, size + 1);
    const Unit* const unit = FindUnit(text.substr(size));
    const std::string_view number = text.substr(0, size);
    const bool has_digit = !number.empty() && number != ".";
    if (unit == nullptr || !has_digit || !sum.Add(number, *unit)) return std::nullopt;
    text.remove_prefix(size + unit->text.size());
  }
  return sum.ns;
}

size_t LexNumber(std::string_view text, Token& token) {
  const size_t size = NumberSize(text);
  if (const size_t more = WordSize(text.substr(size)); more > 0) {
    return LexDuration(text.substr(0, size + more), token);
  }
  const std::string_view number = text.substr(0, size);
  const bool whole = number.find_first_not_of("0123456789") == std::string_view::npos;
  return whole ? LexInteger(number, token) : LexFloat(number, token);
}

bool IsFraction(std::string_view text) {
  size_t end = 1;
  while (end < text.size() && !EndsAttributeName(text.substr(end)) && text[end] != '"') ++end;
  const std::string_view word = text.substr(0, end);
  if (word.size() < 2 || !IsDigit(word[1])) return false;
  return NumberSize(word) == word.size() || ParseDuration(word).has_value();
}

}  // namespace clew::traceql
