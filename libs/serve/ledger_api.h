// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "serve/api.h"
#include "serve/queries.h"

namespace clew::serve {

// GET /api/clew/v1/trace/{id}/ledger: where the time of a trace went, as docs/ledger.md has it:
// rows that add up to its duration, the segments of its critical path, a verdict, notes and what is
// usual. With the parameters by, skew, rows, segments and usual. 404 without a body when there is
// no such trace.
base::Result<ApiReply> LedgerOfTrace(const ApiRequest& request, QueryRun& run);

}  // namespace clew::serve
