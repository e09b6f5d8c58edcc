// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "query/left_out.h"
#include "serve/api.h"
#include "store/trace_store.h"

namespace clew::serve {

// GET /api/search/tags, /api/search/tag/{name}/values and their second versions.
//
ApiReply TagNames(const ApiRequest& request, const store::Sources& sources,
                  query::LeftOut& left_out);
ApiReply TagNamesV2(const ApiRequest& request, const store::Sources& sources,
                    query::LeftOut& left_out);
ApiReply TagValues(const ApiRequest& request, const store::Sources& sources,
                   query::LeftOut& left_out);
ApiReply TagValuesV2(const ApiRequest& request, const store::Sources& sources,
                     query::LeftOut& left_out);

}  // namespace clew::serve
