// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "serve/api.h"
#include "serve/queries.h"

namespace clew::serve {

// GET /api/traces/{id}: the bare trace, or 404 with no body.
base::Result<ApiReply> TraceById(const ApiRequest& request, QueryRun& run);

// GET /api/v2/traces/{id}: the trace inside an answer that always has one, if
// empty, because Grafana reads it without looking. Its message says how many equal
// copies of spans were folded, and whether the parameter `q` left spans out; the first version
// folds them too, but cannot say so.
base::Result<ApiReply> TraceByIdV2(const ApiRequest& request, QueryRun& run);

}  // namespace clew::serve
