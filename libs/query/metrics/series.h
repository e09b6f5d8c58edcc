// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "model/ids.h"
#include "query/answer_attribute.h"
#include "query/scan_threads.h"

namespace clew::query {

inline constexpr const char* kNameLabel = "__name__";
// Of an interval that has none.
inline constexpr double kNoSample = std::numeric_limits<double>::quiet_NaN();

// A span behind a sample.
struct Exemplar {
  model::TraceId trace_id;
  int64_t unix_nano = 0;
  uint32_t interval = 0;
  double value = 0;
  std::vector<AnswerAttribute> labels{};  // of the span, what the query mentions
};

// What a function made a series of.
struct SeriesOrigin {
  size_t group = 0;
  double bucket = 0;  // its bound; 0 where all spans of the group count
  bool operator==(const SeriesOrigin&) const = default;
};

struct Series {
  std::vector<AnswerAttribute> labels{};
  std::vector<double> samples{};  // one an interval; NaN where there is none
  std::vector<Exemplar> exemplars{};
  SeriesOrigin origin{};
};

// A value as it would stand in a query, an array as [a, b].
std::string ValueText(const AnswerAttribute& label);
// `{name="checkout", p=0.9}`: series of one value or rank are ordered by it.
std::string LabelText(const std::vector<AnswerAttribute>& labels);

// Drops series without a sample, and orders the rest by the number of labels, then by their text.
// `threads` help unless null.
void Arrange(std::vector<Series>& series, ScanThreads* threads);

}  // namespace clew::query
