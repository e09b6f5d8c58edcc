// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "serve/api.h"
#include "serve/queries.h"

// What a page that shows one trace asks for, below /api/clew/v1/trace/{id}. Each is 404 when there
// is no such trace. Rows are numbered as in docs/format/trace_columns.md.
namespace clew::serve {

// GET …/columns: the shape, times and names of all its spans.
base::Result<ApiReply> ColumnsOfTrace(const ApiRequest& request, QueryRun& run);

// GET …/spans?ids=: whole spans by the comma-separated ids, at most kMaxSpansById of them, in the
// shape of /api/v2/traces/{id}. Ids that the trace does not have are passed over.
base::Result<ApiReply> SpansOfTrace(const ApiRequest& request, QueryRun& run);

// POST …/match?q=: which rows one filter of TraceQL takes, as a set of bits.
base::Result<ApiReply> MatchesInTrace(const ApiRequest& request, QueryRun& run);

}  // namespace clew::serve
