// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "query/search.h"
#include "serve/api.h"
#include "serve/queries.h"

namespace clew::serve {

// GET /api/search.
base::Result<ApiReply> Search(const ApiRequest& request, QueryRun& run);

// What it answers, or why it cannot.
base::Result<query::SearchResult> FindTraces(const ApiRequest& request, QueryRun& run,
                                             query::SearchListener* listener = nullptr);

// The answer as Tempo writes it. Its clients refuse fields they do not know, and
// fields of value zero are left out.
std::string SearchJson(const query::SearchResult& result);

}  // namespace clew::serve
