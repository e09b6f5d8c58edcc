// SPDX-License-Identifier: Apache-2.0
#include "reference/exemplars.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "reference/mentioned_fields.h"
#include "reference/numbers.h"

namespace clew::reference {

std::vector<Exemplar> ExemplarsOf(std::vector<MeasuredSpan> spans,
                                  const std::vector<const traceql::FieldExpr*>& fields) {
  std::ranges::sort(spans, {}, [](const MeasuredSpan& measured) {
    const Span& span = measured.span.span();
    return std::tuple(span.start_ns, measured.span.trace->trace_id, span.span_id,
                      measured.span.place);
  });
  std::set<size_t> taken;  // intervals
  std::vector<Exemplar> exemplars;
  for (const MeasuredSpan& measured : spans) {
    if (!taken.insert(measured.interval).second) continue;
    const bool counted = measured.measures.empty();
    exemplars.push_back({.trace_id = measured.span.trace->trace_id,
                         .timestamp_ns = measured.span.span().start_ns,
                         .interval = measured.interval,
                         .value = counted ? 0 : *SampleOf(measured.measures.front()),
                         .labels = MentionedAttributes(fields, measured.span)});
  }
  return exemplars;
}

void TakeValuesFromSamples(Series& series) {
  for (Exemplar& exemplar : series.exemplars) {
    exemplar.value = series.samples[exemplar.interval].value_or(0);
  }
}

namespace {

// Of `all` things in a row so many, which lie evenly among them: their numbers.
std::vector<size_t> Spread(size_t all, size_t wanted) {
  std::vector<size_t> numbers;
  numbers.reserve(wanted);
  for (size_t i = 0; i < wanted; ++i) numbers.push_back((2 * i + 1) * all / (2 * wanted));
  return numbers;
}

// How many each series gives, of those that give any.
std::map<const Series*, size_t> CountsOf(const std::vector<Series>& series, size_t budget) {
  std::vector<const Series*> giving;
  for (const Series& one : series) {
    if (!one.exemplars.empty()) giving.push_back(&one);
  }
  std::map<const Series*, size_t> counts;
  if (giving.size() > budget) {
    for (const size_t number : Spread(giving.size(), budget)) counts[giving[number]] = 1;
    return counts;
  }
  for (size_t before = budget + 1; budget > 0 && budget < before;) {
    before = budget;
    for (const Series* const one : giving) {
      if (budget == 0 || counts[one] == one->exemplars.size()) continue;
      ++counts[one];
      --budget;
    }
  }
  return counts;
}

}  // namespace

void LimitExemplars(std::vector<Series>& series, size_t budget) {
  const std::map<const Series*, size_t> counts = CountsOf(series, budget);
  size_t place = 0;  // among those that give
  for (Series& one : series) {
    std::vector<Exemplar> kept;
    const auto gives = counts.find(&one);
    if (gives != counts.end()) {
      // Those of one series lie at equal distances, from a place that moves on with the series.
      for (size_t i = 0; i < gives->second; ++i) {
        const size_t numerator = (2 * (i * counts.size() + place) + 1) * one.exemplars.size();
        kept.push_back(one.exemplars[numerator / (2 * counts.size() * gives->second)]);
      }
      ++place;
    }
    one.exemplars = std::move(kept);
  }
}

}  // namespace clew::reference
