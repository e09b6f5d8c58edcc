// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "serve/api.h"
#include "serve/queries.h"

namespace clew::serve {

// GET /api/search/tags, /api/search/tag/{name}/values and their second versions.
//
base::Result<ApiReply> TagNames(const ApiRequest& request, QueryRun& run);
base::Result<ApiReply> TagNamesV2(const ApiRequest& request, QueryRun& run);
base::Result<ApiReply> TagValues(const ApiRequest& request, QueryRun& run);
base::Result<ApiReply> TagValuesV2(const ApiRequest& request, QueryRun& run);

}  // namespace clew::serve
