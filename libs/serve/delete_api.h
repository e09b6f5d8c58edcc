// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "serve/readiness.h"
#include "serve/router.h"
#include "store/trace_store.h"

namespace clew::serve {

// Adds DELETE /api/clew/v1/traces/{id} and DELETE /api/clew/v1/tenants/{tenant}. What was
// received before the request is gone from every answer when it is answered. The
// answer says how many spans that were: {"spans":…,"rewrittenBlocks":…,"removedBlocks":…};
// 404 when there were none, 503 while the log is read. Everything given must outlive the
// router.
void AddDeleteApi(Router& router, store::TraceStore& store, const Readiness& readiness);

}  // namespace clew::serve
