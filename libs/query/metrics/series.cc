// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/series.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/stable_sort.h"
#include "traceql/print.h"

namespace clew::query {

std::string ValueText(const AnswerAttribute& label) {
  if (!label.is_array) return label.values.empty() ? "nil" : traceql::Print(label.values.front());
  std::string text;
  for (const traceql::Static& value : label.values) {
    text += (text.empty() ? "" : ", ") + traceql::Print(value);
  }
  return "[" + text + "]";
}

std::string LabelText(const std::vector<AnswerAttribute>& labels) {
  std::string text;
  for (const AnswerAttribute& label : labels) {
    text.append(text.empty() ? "" : ", ").append(label.key).append("=").append(ValueText(label));
  }
  return "{" + text + "}";
}

void Arrange(std::vector<Series>& series) {
  std::vector<std::pair<std::pair<size_t, std::string>, Series>> keyed;
  for (Series& one : series) {
    if (std::ranges::all_of(one.samples, [](double sample) { return std::isnan(sample); })) {
      continue;
    }
    keyed.emplace_back(std::pair(one.labels.size(), LabelText(one.labels)), std::move(one));
  }
  base::StableSort(keyed,
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  series.clear();
  for (auto& [key, one] : keyed) series.push_back(std::move(one));
}

}  // namespace clew::query
