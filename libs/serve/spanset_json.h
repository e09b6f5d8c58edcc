// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "query/search.h"
#include "wire/json_writer.h"

namespace clew::serve {

// `spanSet` and `spanSets` of a trace in the answer to a search, as members of an open
// object; nothing when it has none.
void WriteSpansets(wire::JsonWriter& json, const query::TraceSummary& trace);

}  // namespace clew::serve
