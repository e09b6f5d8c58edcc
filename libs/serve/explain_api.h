// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "serve/api.h"
#include "serve/queries.h"

namespace clew::serve {

// GET /api/clew/v1/explain: runs a query with the parameters of /api/search, or of
// /api/metrics/query_range if it computes numbers over time, and says how that was done
// instead of its answer: {"plan":…,"sources":…,"results":…,"tookMs":…,"counters":{…}}. To whom
// accepts text/plain, the same as lines for people.
base::Result<ApiReply> Explain(const ApiRequest& request, QueryRun& run);

}  // namespace clew::serve
