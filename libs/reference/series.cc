// SPDX-License-Identifier: Apache-2.0
#include "reference/series.h"

#include <algorithm>
#include <tuple>

#include "traceql/words.h"

namespace clew::reference {

FieldValue AsLabel(FieldValue value) {
  for (traceql::Static& element : value.values) {
    if (const auto* const status = std::get_if<traceql::SpanStatus>(&element)) {
      element = std::string(traceql::TextOf(*status));
    } else if (const auto* const kind = std::get_if<traceql::SpanKind>(&element)) {
      element = std::string(traceql::TextOf(*kind));
    }
  }
  return value;
}

std::string LabelText(const std::vector<NamedValue>& labels) {
  std::string text;
  for (const NamedValue& label : labels) {
    text.append(text.empty() ? "" : ", ").append(label.name).append("=");
    text.append(TextOf(label.value));
  }
  return "{" + text + "}";
}

void Arrange(std::vector<Series>& series) {
  for (Series& one : series) {
    std::erase_if(one.exemplars,
                  [&](const Exemplar& exemplar) { return !one.samples[exemplar.interval]; });
  }
  std::erase_if(series, [](const Series& one) {
    return std::ranges::none_of(one.samples, [](const auto& sample) { return sample.has_value(); });
  });
  std::ranges::sort(series, {}, [](const Series& one) {
    return std::tuple(one.labels.size(), LabelText(one.labels));
  });
}

}  // namespace clew::reference
