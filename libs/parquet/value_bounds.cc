// SPDX-License-Identifier: Apache-2.0
#include "parquet/value_bounds.h"

#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>

namespace clew::parquet {
namespace {

// Calls `visit(i)` for the places of a stretch or of a list.
struct Stretch {
  size_t first = 0;
  size_t count = 0;
  size_t size() const { return count; }
  size_t operator[](size_t i) const { return first + i; }
};

template <typename T>
std::string PlainOf(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

template <typename T>
T FromPlain(const std::string& plain) {
  T value{};
  std::memcpy(&value, plain.data(), sizeof value);
  return value;
}

template <typename Places>
Statistics BoundsOfDoubles(const std::vector<double>& values, const Places& places) {
  std::optional<double> min;
  std::optional<double> max;
  for (size_t i = 0; i < places.size(); ++i) {
    const double value = values[places[i]];
    if (std::isnan(value)) continue;
    if (!min || value < *min) min = value;
    if (!max || value > *max) max = value;
  }
  if (!min) return {};
  // The order of the format has -0 before +0, and writers do not agree on it.
  if (*min == 0) min = -0.0;
  if (*max == 0) max = 0.0;
  return {.min = PlainOf(*min), .max = PlainOf(*max)};
}

template <typename T, typename Places>
Statistics BoundsOfNumbers(const std::vector<T>& values, const Places& places) {
  T min = values[places[0]];
  T max = min;
  for (size_t i = 1; i < places.size(); ++i) {
    const T value = values[places[i]];
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return {.min = PlainOf(min), .max = PlainOf(max)};
}

// Where a UTF-8 text may be cut to have at most `size` bytes.
size_t CutOf(std::string_view text, size_t size) {
  while (size > 0 && (static_cast<uint8_t>(text[size]) & 0xc0) == 0x80) --size;
  return size;
}

// The least text above all that begin with `prefix`, by raising one ASCII letter, so
// that UTF-8 stays UTF-8.
std::optional<std::string> RoundedUp(std::string prefix) {
  while (!prefix.empty()) {
    const auto last = static_cast<uint8_t>(prefix.back());
    if (last < 0x7f) {
      prefix.back() = static_cast<char>(last + 1);
      return prefix;
    }
    prefix.pop_back();
  }
  return std::nullopt;
}

template <typename Places>
Statistics BoundsOfBytes(const ByteArrays& values, const Places& places) {
  std::string_view min = values[places[0]];
  std::string_view max = min;
  for (size_t i = 1; i < places.size(); ++i) {
    const std::string_view value = values[places[i]];
    if (value < min) min = value;
    if (value > max) max = value;
  }
  Statistics bounds{.min = std::string(min), .max = std::string(max)};
  if (min.size() > kMaxBoundBytes) {
    bounds.min = std::string(min.substr(0, CutOf(min, kMaxBoundBytes)));
    bounds.min_exact = false;
  }
  if (max.size() > kMaxBoundBytes) {
    bounds.max = RoundedUp(std::string(max.substr(0, CutOf(max, kMaxBoundBytes))));
    bounds.max_exact = false;
  }
  return bounds;
}

template <typename Places>
Statistics Bounds(const Values& values, const Places& places) {
  if (places.size() == 0) return {};
  if (const auto* doubles = std::get_if<std::vector<double>>(&values)) {
    return BoundsOfDoubles(*doubles, places);
  }
  if (const auto* bytes = std::get_if<ByteArrays>(&values)) return BoundsOfBytes(*bytes, places);
  if (const auto* narrow = std::get_if<std::vector<int32_t>>(&values)) {
    return BoundsOfNumbers(*narrow, places);
  }
  if (const auto* wide = std::get_if<std::vector<int64_t>>(&values)) {
    return BoundsOfNumbers(*wide, places);
  }
  return BoundsOfNumbers(std::get<Booleans>(values).values, places);
}

template <typename T>
bool IsBelow(const std::string& a, const std::string& b) {
  return FromPlain<T>(a) < FromPlain<T>(b);
}

bool IsBelow(const std::string& a, const std::string& b, Type type) {
  switch (type) {
    case Type::kInt32:
      return IsBelow<int32_t>(a, b);
    case Type::kInt64:
      return IsBelow<int64_t>(a, b);
    case Type::kDouble:
      return IsBelow<double>(a, b);
    case Type::kBoolean:
    case Type::kByteArray:
    case Type::kFixedLenByteArray:
    case Type::kInt96:
    case Type::kFloat:
      break;
  }
  return a < b;
}

}  // namespace

Statistics BoundsOf(const Values& values, size_t first, size_t count) {
  return Bounds(values, Stretch{first, count});
}

Statistics BoundsOf(const Values& values, std::span<const uint32_t> places) {
  return Bounds(values, places);
}

Statistics Merge(const Statistics& a, const Statistics& b, Type type) {
  Statistics merged = a;
  merged.null_count = a.null_count.value_or(0) + b.null_count.value_or(0);
  if (b.min && (!a.min || IsBelow(*b.min, *a.min, type))) {
    merged.min = b.min;
    merged.min_exact = b.min_exact;
  }
  if (b.max && (!a.max || IsBelow(*a.max, *b.max, type))) {
    merged.max = b.max;
    merged.max_exact = b.max_exact;
  }
  return merged;
}

BoundaryOrder OrderOf(const std::vector<Statistics>& pages, Type type) {
  bool rises = true;
  bool falls = true;
  const Statistics* last = nullptr;
  for (const Statistics& page : pages) {
    if (!page.min || !page.max) continue;
    if (last != nullptr) {
      rises =
          rises && !IsBelow(*page.min, *last->min, type) && !IsBelow(*page.max, *last->max, type);
      falls =
          falls && !IsBelow(*last->min, *page.min, type) && !IsBelow(*last->max, *page.max, type);
    }
    last = &page;
  }
  if (rises) return BoundaryOrder::kAscending;
  return falls ? BoundaryOrder::kDescending : BoundaryOrder::kUnordered;
}

}  // namespace clew::parquet
