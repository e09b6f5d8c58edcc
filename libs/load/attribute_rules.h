// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "load/trace_generator.h"

namespace clew::load {

// What the value of an attribute is made of. The first five are prepared: all their
// values are encoded once. The others are made for each span.
enum class Shape : uint8_t {
  kText,
  kInteger,
  kFlag,
  kTextArray,
  kNested,
  kNumberedText,  // the text of the pattern and a number below `values`
  kHex,           // `values` random hex digits
  kAnyInteger,    // below `values`, small ones more often
  kAnyDouble,     // cents below `values`, as units
};

// Whose texts they are: the same for all, or each service's own.
enum class TextsOf : uint8_t { kAll, kService, kTarget };

// What decides which of the prepared values it is.
enum class ChosenBy : uint8_t {
  kDraw,     // Zipf over `values`
  kRoute,    // the span's route, which decides its name too
  kOutcome,  // as kDraw, but the last value exactly in spans that failed
};

// One attribute of a role. In `pattern`, '|' separates words of which number n is
// n modulo their count, '@' stands for the service's name, '%' for a noun and '#' for
// the number.
struct AttributeRule {
  std::string_view key;
  Shape shape = Shape::kText;
  std::string_view pattern{};
  uint32_t values = 1;
  double zipf = 0;
  double presence = 1;  // the share of the role's spans that carry it
  TextsOf texts_of = TextsOf::kAll;
  ChosenBy chosen_by = ChosenBy::kDraw;
};

constexpr bool IsPrepared(Shape shape) {
  return shape <= Shape::kNested;
}

// Routes, functions or statements of a service.
inline constexpr uint32_t kRoutesPerService = 24;
inline constexpr double kRouteZipf = 1.0;

std::span<const AttributeRule> RulesOf(Role role);
// The pattern of the names of a role's spans, by service and route.
std::string_view NamePatternOf(Role role);

}  // namespace clew::load
