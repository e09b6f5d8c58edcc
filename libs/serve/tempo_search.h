// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "query/left_out.h"
#include "query/search.h"
#include "serve/api.h"
#include "store/trace_store.h"

namespace clew::serve {

// GET /api/search.
ApiReply Search(const ApiRequest& request, const store::Sources& sources, query::LeftOut& left_out);

// What it answers, or why it cannot.
base::Result<query::SearchResult> FindTraces(const ApiRequest& request,
                                             const store::Sources& sources,
                                             query::LeftOut& left_out,
                                             query::SearchListener* listener = nullptr);

// The answer as Tempo writes it. Its clients refuse fields they do not know, and
// fields of value zero are left out.
std::string SearchJson(const query::SearchResult& result);

}  // namespace clew::serve
