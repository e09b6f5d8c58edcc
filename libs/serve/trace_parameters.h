// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/result.h"
#include "model/ids.h"
#include "query/trace_filter.h"
#include "serve/api.h"

namespace clew::serve {

// The id of the path. The time range is a hint of where to look; a lookup by id needs none, but
// a wrong one is told.
base::Result<model::TraceId> ParseTraceId(const ApiRequest& request);

// Which spans of a trace are wanted; nullopt: all, there is no `q`. `match_depth` levels below a
// match are kept, -1: all; with `keep_hierarchy` also `ancestor_depth` levels above it, without
// one all of them.
base::Result<std::optional<query::TraceFilter>> ParseTraceFilter(const ApiRequest& request);

}  // namespace clew::serve
