// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "query/eval/field_set.h"
#include "traceql/ast.h"

namespace clew::query {

// count(), min(), … over spans. Spans without one number as their value are passed over;
// nullopt when none is left. The average of durations is one, any other a float.
std::optional<Scalar> Aggregated(const traceql::Aggregate& aggregate, const TraceView& trace,
                                 const std::vector<uint32_t>& spans, FieldSet& fields);

}  // namespace clew::query
