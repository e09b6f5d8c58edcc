// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "serve/queries.h"
#include "serve/readiness.h"

namespace clew::serve {

// The page of /status: the server, the limits of its queries and the slow ones that are of the
// request's tenant, for a person; what these asked is left out unless it is to be shown.
enum class ShowQueries : bool { kNo, kYes };
std::string StatusText(const Queries& queries, const ApiRequest& request,
                       const Readiness& readiness, const std::string& version,
                       ShowQueries show = ShowQueries::kYes);
// The same of the queries for programs: {"running":…,"limits":{…},"queries":…,"slowQueries":…,
// "slowest":[…],"last":[…]}, durations in milliseconds.
std::string QueriesJson(const Queries& queries, const ApiRequest& request);

}  // namespace clew::serve
