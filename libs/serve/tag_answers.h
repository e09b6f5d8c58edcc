// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/left_out.h"
#include "query/tags.h"
#include "serve/api.h"
#include "store/sources.h"

// What the requests for names and values of tags answer, before it is written down.
namespace clew::serve {

struct ScopeNames {
  std::string_view scope;
  std::vector<std::string> names;  // sorted, not empty
};

// The scopes that were asked for and have names, each cut at the limit.
base::Result<std::vector<ScopeNames>> ReadTagScopes(const ApiRequest& request,
                                                    const store::Sources& sources,
                                                    query::LeftOut& left_out);
// All of them together, each name once; intrinsics only where they alone were asked for.
base::Result<std::vector<std::string>> ReadTagNames(const ApiRequest& request,
                                                    const store::Sources& sources,
                                                    query::LeftOut& left_out);

// The values of the tag that the path names, cut at the limit: a TraceQL identifier.
base::Result<std::vector<query::TagValue>> ReadTagValues(const ApiRequest& request,
                                                         const store::Sources& sources,
                                                         query::LeftOut& left_out);
// A bare name, as in the first version.
base::Result<std::vector<std::string>> ReadTagTexts(const ApiRequest& request,
                                                    const store::Sources& sources,
                                                    query::LeftOut& left_out);

}  // namespace clew::serve
