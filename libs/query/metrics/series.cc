// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/series.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

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

void Arrange(std::vector<Series>& series, ScanThreads* threads) {
  constexpr size_t kSeriesAtATime = 256;
  struct Keyed {
    size_t labels;
    std::string text;
    size_t place;  // in `series`
  };
  std::erase_if(series, [](const Series& one) {
    return std::ranges::all_of(one.samples, [](double sample) { return std::isnan(sample); });
  });
  std::vector<Keyed> order(series.size());
  ForEachRange(threads, series.size(), kSeriesAtATime, [&](size_t first, size_t end) {
    for (size_t i = first; i < end; ++i) {
      order[i] = {series[i].labels.size(), LabelText(series[i].labels), i};
    }
  });
  std::ranges::sort(order, {},
                    [](const Keyed& one) { return std::tie(one.labels, one.text, one.place); });
  std::vector<Series> arranged;
  arranged.reserve(order.size());
  for (const Keyed& one : order) arranged.push_back(std::move(series[one.place]));
  series = std::move(arranged);
}

}  // namespace clew::query
