// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "serve/readiness.h"
#include "serve/router.h"
#include "store/trace_store.h"

namespace clew::serve {

// Adds Tempo's query API: search, tags and traces by id; and what explains a query. Each function
// answers from what is published at that moment, so a span that was acknowledged before the request
// came is in the answer; while the log is read the answer is 503. Everything given must outlive the
// router.
void AddTempoApi(Router& router, const store::TraceStore& store, const Readiness& readiness);

}  // namespace clew::serve
