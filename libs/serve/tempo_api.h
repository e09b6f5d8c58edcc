// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "serve/queries.h"
#include "serve/router.h"

namespace clew::serve {

// Adds Tempo's query API: search, tags, numbers over time and traces by id; and below
// /api/clew/v1/ tags with counts, what explains a query, and the parts of one trace. Each function
// answers from what is published at that moment, so a span that was acknowledged before the request
// came is in the answer; while the log is read the answer is 503. Each of them is also a POST below
// /api/clew/v1/open, with a file of spans as its body, which is then asked instead of what is
// stored (open_api.h). `queries` outlives the router.
void AddTempoApi(Router& router, Queries& queries);

}  // namespace clew::serve
