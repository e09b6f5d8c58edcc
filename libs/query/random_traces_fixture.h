// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reference/span.h"

namespace clew::query {

// For tests: traces that random queries find something in. Few names and values, of all
// types; arrays, some empty; parents that are absent or in a circle, several roots, shared
// ids, copies, events, links, and now and then a trace of hours.
std::vector<reference::Trace> RandomTraces(uint64_t seed, size_t count);

}  // namespace clew::query
