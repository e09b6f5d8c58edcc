// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "serve/api.h"
#include "serve/queries.h"

namespace clew::serve {

// GET /api/clew/v1/ledger: where the time of many traces went, those that the TraceQL query `q`
// selects: rows that add up to all of it. With `baseline`, another query, also what the traces of
// the first spend more than those of the second, as docs/comparison.md has it; traces of both
// count for the first alone; which attributes go with being in the first, traces of both to look
// at, and how long all took. `start`, `end` and `since` are of both, `baselineStart` and
// `baselineEnd` of the second; `traces` is how many of each are read, the newest first; `by` and
// `rows` as of one trace. With `service` it is the calls of that service, each as a trace of its
// own: what it waits for.
base::Result<ApiReply> LedgerOfSet(const ApiRequest& request, QueryRun& run);

}  // namespace clew::serve
