// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "query/eval/mentioned_fields.h"
#include "query/memory_budget.h"
#include "query/metrics/span_measure.h"
#include "query/metrics/time_axis.h"
#include "traceql/ast.h"

namespace clew::query {

// rate(), count_over_time(), quantile_over_time() and so on, by labels. All that is
// given outlives it. `mentioned` is what exemplars say of their spans; null: there are none.
// A span whose field is no number that the function takes is as if it were not there.
// kExhausted when the groups take more memory than there is.
std::unique_ptr<SpanMeasure> MakeRangeMeasure(const traceql::MetricsAggregate& aggregate,
                                              const TimeAxis& axis,
                                              const std::vector<MentionedField>* mentioned,
                                              MemoryBudget* memory);

}  // namespace clew::query
