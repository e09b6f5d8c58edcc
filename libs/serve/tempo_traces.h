// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "query/left_out.h"
#include "serve/api.h"
#include "store/trace_store.h"

namespace clew::serve {

// GET /api/traces/{id}: the bare trace, or 404 with no body.
ApiReply TraceById(const ApiRequest& request, const store::Sources& sources,
                   query::LeftOut& left_out);

// GET /api/v2/traces/{id}: the trace inside an answer that always has one, if
// empty, because Grafana reads it without looking. Its message says how many equal
// copies of spans were folded; the first version folds them too, but cannot say so.
ApiReply TraceByIdV2(const ApiRequest& request, const store::Sources& sources,
                     query::LeftOut& left_out);

}  // namespace clew::serve
