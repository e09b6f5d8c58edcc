// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "query/eval/field_set.h"
#include "traceql/ast.h"

namespace clew::query {

// count(), min(), … over spans; nil when none of them has a number.
base::Result<Scalar> Aggregated(const traceql::Aggregate& aggregate, const TraceView& trace,
                                const std::vector<uint32_t>& spans, FieldSet& fields);

}  // namespace clew::query
