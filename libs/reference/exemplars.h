// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "reference/field_lookup.h"
#include "reference/series.h"
#include "traceql/ast.h"

namespace clew::reference {

// A span that a metrics function counts.
struct MeasuredSpan {
  SpanInTrace span;
  size_t interval = 0;
  std::vector<traceql::Static> measures{};  // of the function's field; none for count and rate
};

// Spans to show for a series: the first of each interval by (start, trace id, span id). The
// value is the first of its measures. `fields` are those that the query speaks of.
std::vector<Exemplar> ExemplarsOf(std::vector<MeasuredSpan> spans,
                                  const std::vector<const traceql::FieldExpr*>& fields);

// For functions without a field: the sample of its interval is the exemplar's value.
void TakeValuesFromSamples(Series& series);

// Keeps so many over all series. Where there are more series than that, as many of them give one,
// and they lie evenly among all; else each gives one in turn. A series gives those of intervals
// that lie evenly among its own, and each begins a little further on than the series before.
void LimitExemplars(std::vector<Series>& series, size_t budget);

}  // namespace clew::reference
