// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "query/eval/trace_view.h"
#include "traceql/operators.h"

namespace clew::query {

// What a spanset operator makes of two sets of spans of a trace, each ascending, and so is
// the answer. Spans that no root leads to stand in no relation.
std::vector<uint32_t> Combine(traceql::SpansetOperator op, const TraceView& trace,
                              const std::vector<uint32_t>& left,
                              const std::vector<uint32_t>& right);

}  // namespace clew::query
