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
  for (size_t i = 0; i < wanted; ++i) numbers.push_back((2 * i + 1) * all / (2 * wanted));
  return numbers;
}

}  // namespace

void LimitExemplars(std::vector<Series>& series, size_t budget) {
  std::vector<Series*> giving;
  for (Series& one : series) {
    if (!one.exemplars.empty()) giving.push_back(&one);
  }
  std::map<const Series*, size_t> kept;
  if (giving.size() > budget) {
    for (const size_t number : Spread(giving.size(), budget)) kept[giving[number]] = 1;
  } else {
    for (bool more = true; more && budget > 0;) {
      more = false;
      for (const Series* const one : giving) {
        if (budget == 0 || kept[one] == one->exemplars.size()) continue;
        ++kept[one];
        --budget;
        more = true;
      }
    }
  }
  size_t place = 0;  // among those that give
  const auto places = static_cast<size_t>(
      std::ranges::count_if(kept, [](const auto& one) { return one.second > 0; }));
  for (Series& one : series) {
    std::vector<Exemplar> left;
    const size_t count = kept[&one];
    for (size_t i = 0; i < count; ++i) {
      // Those of one series lie at equal distances, from a place that moves on with the series.
      const size_t numerator = (2 * (i * places + place) + 1) * one.exemplars.size();
      left.push_back(one.exemplars[numerator / (2 * places * count)]);
    }
    if (count > 0) ++place;
    one.exemplars = std::move(left);
  }
}

}  // namespace clew::reference
