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

// Spans to show for a series: the first two of each interval by (start, trace id, span id)
// that are of different traces. The value is the first of its measures.
// `fields` are those that the query speaks of.
std::vector<Exemplar> ExemplarsOf(std::vector<MeasuredSpan> spans,
                                  const std::vector<const traceql::FieldExpr*>& fields);

// For functions without a field: the sample of its interval is the exemplar's value.
void TakeValuesFromSamples(Series& series);

// Keeps so many over all series, each series giving one in turn.
void LimitExemplars(std::vector<Series>& series, size_t budget);

}  // namespace clew::reference
