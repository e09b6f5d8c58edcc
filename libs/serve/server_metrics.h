// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "serve/api.h"
#include "serve/status_api.h"

namespace clew::serve {

// What /metrics answers: every stage of a span and of a query, in the text format of Prometheus.
// Where the request is of a tenant no other one is named: all others are counted as one.
std::string ServerMetrics(const StatusSources& sources, const ApiRequest& request);

}  // namespace clew::serve
