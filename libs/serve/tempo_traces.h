// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "model/ids.h"
#include "query/run_notes.h"
#include "query/trace_lookup.h"
#include "serve/api.h"
#include "serve/queries.h"

namespace clew::serve {

// The trace of the path, or what `find` finds of it: it is called with the id. It is an error
// rather than no trace when a block that may have it cannot be read.
using TraceFinder = std::function<base::Result<query::FoundTrace>(const model::TraceId&)>;
base::Result<query::FoundTrace> FindTrace(const ApiRequest& request, QueryRun& run,
                                          const TraceFinder& find = nullptr);

// What there is to say of a trace beside its spans: what is missing and why, or how many copies
// were folded.
struct TraceRemarks {
  bool partial = false;
  std::string message{};
};
TraceRemarks RemarksOn(const query::FoundTrace& trace, const query::RunNotes& notes,
                       size_t filtered_out = 0);

// GET /api/traces/{id}: the bare trace, or 404 with no body.
base::Result<ApiReply> TraceById(const ApiRequest& request, QueryRun& run);

// GET /api/v2/traces/{id}: the trace inside an answer that always has one, if
// empty, because Grafana reads it without looking. Its message says how many equal
// copies of spans were folded, and whether the parameter `q` left spans out; the first version
// folds them too, but cannot say so.
base::Result<ApiReply> TraceByIdV2(const ApiRequest& request, QueryRun& run);

}  // namespace clew::serve
