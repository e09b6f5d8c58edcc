// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "serve/api.h"
#include "serve/queries.h"

namespace clew::serve {

// GET /api/clew/v1/tags: {"tags":[{"scope":"resource","name":"service.name","spans":12},…]}.
base::Result<ApiReply> CountedTagNames(const ApiRequest& request, QueryRun& run);
// GET /api/clew/v1/tag/{name}/values: {"values":[{"type":"string","value":"shop","spans":12},…]}.
base::Result<ApiReply> CountedTagValues(const ApiRequest& request, QueryRun& run);
// GET /api/clew/v1/tag/{name}/traces:
// {"values":[{"type":"string","value":"shop","traces":3,"p95Seconds":0.25},…]}.
base::Result<ApiReply> TracesOfTagValues(const ApiRequest& request, QueryRun& run);

}  // namespace clew::serve
