// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/tags.h"
#include "query/value_traces.h"
#include "serve/api.h"
#include "serve/queries.h"

// What the requests for names and values of tags answer, before it is written down.
namespace clew::serve {

struct ScopeNames {
  std::string_view scope;
  std::vector<std::string> names;  // sorted, not empty
};

// The scopes that were asked for and have names, each cut at the limit.
base::Result<std::vector<ScopeNames>> ReadTagScopes(const ApiRequest& request, QueryRun& run);
// All of them together, each name once; intrinsics only where they alone were asked for.
base::Result<std::vector<std::string>> ReadTagNames(const ApiRequest& request, QueryRun& run);

// The values of the tag that the path names, cut at the limit: a TraceQL identifier.
base::Result<std::vector<query::TagValue>> ReadTagValues(const ApiRequest& request, QueryRun& run);
// A bare name, as in the first version.
base::Result<std::vector<std::string>> ReadTagTexts(const ApiRequest& request, QueryRun& run);

// The same and the names of attributes with how many spans have each, the most frequent first:
// of the spans that `q` leaves, all without it.
base::Result<std::vector<query::CountedValue>> CountValues(const ApiRequest& request,
                                                           QueryRun& run);
base::Result<std::vector<query::CountedName>> CountNames(const ApiRequest& request, QueryRun& run);
// The values with how many traces have each among the spans that the query `q` selects, which is
// whole: all without it.
base::Result<std::vector<query::ValueTraces>> CountTraces(const ApiRequest& request, QueryRun& run);

}  // namespace clew::serve
