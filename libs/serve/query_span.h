// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "model/tracer.h"
#include "serve/api.h"
#include "serve/query_log.h"

namespace clew::serve {

// The span of a query from when a worker has it, below that of its request. Null when that has
// none, or there is no tracer.
std::unique_ptr<model::OwnSpan> BeginQuerySpan(model::Tracer* tracer, std::string_view call,
                                               const ApiRequest& request);
void NoteQuery(model::OwnSpan& span, const QueryRecord& record, const base::Status& status);

}  // namespace clew::serve
