// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/ids.h"
#include "reference/spanset.h"

namespace clew::reference {

inline constexpr const char* kNameLabel = "__name__";

// A span behind a sample.
struct Exemplar {
  model::TraceId trace_id;  // its label trace:id
  int64_t timestamp_ns = 0;
  size_t interval = 0;
  double value = 0;
  std::vector<NamedValue> labels{};  // its attributes that the query speaks of
};

struct Series {
  std::vector<NamedValue> labels{};
  std::vector<std::optional<double>> samples{};  // one an interval
  std::vector<Exemplar> exemplars{};
};

// A status or kind as its word: labels are compared as texts by those who read them.
FieldValue AsLabel(FieldValue value);

// `{name="checkout", p=0.9}`: what series of equal value or rank are ordered by.
std::string LabelText(const std::vector<NamedValue>& labels);

// Drops series without a sample and exemplars without theirs, and orders the rest by the
// number of labels, then by their text.
void Arrange(std::vector<Series>& series);

}  // namespace clew::reference
