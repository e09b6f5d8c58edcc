// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "reference/assembled_trace.h"
#include "traceql/operators.h"

namespace clew::reference {

// Places of spans in a trace.
using Places = std::vector<size_t>;

// What an operator makes of two spansets of one trace, in the order of the trace.
Places Combine(traceql::SpansetOperator op, const AssembledTrace& trace, const Places& left,
               const Places& right);

}  // namespace clew::reference
