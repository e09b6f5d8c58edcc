// SPDX-License-Identifier: Apache-2.0
#include "wire/json_scalar.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace clew::wire {
namespace {

struct WholeNumber {
  bool negative = false;
  bool too_large = false;  // beyond 64 bits
  uint64_t magnitude = 0;

  // Whether it lies in [-2^bits, 2^bits).
  bool Fits(int bits) const {
    const uint64_t limit = uint64_t{1} << bits;
    return !too_large && (magnitude < limit || (negative && magnitude == limit));
  }
  int64_t value() const {
    return static_cast<int64_t>(negative ? uint64_t{0} - magnitude : magnitude);
  }
};

bool IsText(JsonValue value) {
  return value.type() == JsonType::kString || value.type() == JsonType::kNumber;
}

// A number in decimal notation. What is too small for a double is zero, what is too
// large none: from_chars leaves both to the library.
std::optional<double> ParseDecimal(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc::invalid_argument || stop != end) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    number = std::strtod(std::string(text).c_str(), nullptr);
  }
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

// from_chars also reads "inf" and "nan".
bool LooksLikeDecimal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

std::optional<WholeNumber> ParseWholeNumber(std::string_view text) {
  WholeNumber whole{.negative = text.starts_with('-')};
  const std::string_view digits = text.substr(whole.negative ? 1 : 0);
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, whole.magnitude);
  if (error == std::errc::invalid_argument) return std::nullopt;
  if (stop == end) {
    whole.too_large = error == std::errc::result_out_of_range;
    return whole;
  }
  if (!LooksLikeDecimal(digits)) return std::nullopt;
  const std::optional<double> number = ParseDecimal(digits);
  if (!number || std::trunc(*number) != *number) return std::nullopt;
  whole.too_large = *number >= 0x1p64;
  whole.magnitude = whole.too_large ? 0 : static_cast<uint64_t>(*number);
  return whole;
}

std::optional<WholeNumber> ReadWholeNumber(JsonValue value) {
  if (!IsText(value)) return std::nullopt;
  return ParseWholeNumber(value.text());
}

}  // namespace

std::optional<int64_t> ReadJsonInt64(JsonValue value) {
  const std::optional<WholeNumber> whole = ReadWholeNumber(value);
  if (!whole || !whole->Fits(63)) return std::nullopt;
  return whole->value();
}

std::optional<int32_t> ReadJsonInt32(JsonValue value) {
  const std::optional<WholeNumber> whole = ReadWholeNumber(value);
  if (!whole || !whole->Fits(31)) return std::nullopt;
  return static_cast<int32_t>(whole->value());
}

std::optional<uint32_t> ReadJsonUint32(JsonValue value) {
  const std::optional<WholeNumber> whole = ReadWholeNumber(value);
  if (!whole || !whole->Fits(32) || (whole->negative && whole->magnitude != 0)) {
    return std::nullopt;
  }
  return static_cast<uint32_t>(whole->magnitude);
}

std::optional<uint64_t> ReadJsonUint64OrMax(JsonValue value) {
  const std::optional<WholeNumber> whole = ReadWholeNumber(value);
  if (!whole) return std::nullopt;
  if (whole->too_large || (whole->negative && whole->magnitude != 0)) return UINT64_MAX;
  return whole->magnitude;
}

std::optional<double> ReadJsonDouble(JsonValue value) {
  if (!IsText(value)) return std::nullopt;
  const std::string_view text = value.text();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  if (!LooksLikeDecimal(text)) return std::nullopt;
  return ParseDecimal(text);
}

std::optional<model::ValueView> ReadPlainValue(JsonValue value, bool as_double) {
  switch (value.type()) {
    case JsonType::kTrue:
    case JsonType::kFalse:
      return model::ValueView::Bool(value.type() == JsonType::kTrue);
    case JsonType::kString:
      return model::ValueView::String(value.text());
    case JsonType::kNumber: {
      const std::optional<int64_t> whole = as_double ? std::nullopt : ReadJsonInt64(value);
      if (whole) return model::ValueView::Int(*whole);
      return model::ValueView::Double(ReadJsonDouble(value).value_or(0));
    }
    default:
      return std::nullopt;
  }
}

}  // namespace clew::wire
