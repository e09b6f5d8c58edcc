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
  constexpr size_t kMostInInterval = 2;
  std::ranges::sort(spans, {}, [](const MeasuredSpan& measured) {
    const Span& span = measured.span.span();
    return std::tuple(span.start_ns, measured.span.trace->trace_id, span.span_id,
                      measured.span.place);
  });
  std::map<size_t, size_t> taken;
  std::set<std::pair<size_t, model::TraceId>> traces;  // by interval
  std::vector<Exemplar> exemplars;
  for (const MeasuredSpan& measured : spans) {
    const model::TraceId& trace_id = measured.span.trace->trace_id;
    if (taken[measured.interval] == kMostInInterval) continue;
    if (!traces.emplace(measured.interval, trace_id).second) continue;
    ++taken[measured.interval];
    const bool counted = measured.measures.empty();
    exemplars.push_back({.trace_id = trace_id,
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

void LimitExemplars(std::vector<Series>& series, size_t budget) {
  std::vector<size_t> kept(series.size(), 0);
  for (bool more = true; more && budget > 0;) {
    more = false;
    for (size_t i = 0; i < series.size() && budget > 0; ++i) {
      if (kept[i] == series[i].exemplars.size()) continue;
      ++kept[i];
      --budget;
      more = true;
    }
  }
  for (size_t i = 0; i < series.size(); ++i) series[i].exemplars.resize(kept[i]);
}

}  // namespace clew::reference
