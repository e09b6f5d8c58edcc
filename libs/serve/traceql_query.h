// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "traceql/ast.h"

namespace clew::serve {

// The query that a text is. kInvalidArgument says where it is none and why, as Tempo does,
// and what to do about it.
base::Result<traceql::Query> ParseTraceql(std::string_view text);
// One that selects spansets, for a search; a query for numbers over time is refused.
base::Result<traceql::SpansetPipeline> ParseSpansetPipeline(std::string_view text);

}  // namespace clew::serve
