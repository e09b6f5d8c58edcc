// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "query/search.h"

// What Tempo says of a trace in the answer to a search, where that is not the plain value.
namespace clew::serve {

// Without leading zeros, and Grafana counts on it.
std::string ShortHex(const model::TraceId& id);
// The root's service, or that there is no root yet.
std::string_view RootService(const query::TraceSummary& trace);
// 0 for a trace that ends before it starts.
uint32_t DurationMillis(const query::TraceSummary& trace);

}  // namespace clew::serve
