// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "serve/tail/tail_hub.h"
#include "traceql/ast.h"

namespace clew::serve {

// What a tail tells of bodies that arrived, as server-sent events: `traces` with the JSON of a
// search over these bodies alone, so that of a trace only what has just come is there, and
// `skipped` with what was not looked at or is too much to tell; "" when there is nothing to
// tell. Errors are those of a search.
base::Result<std::string> TailEvents(const traceql::SpansetPipeline& pipeline,
                                     const TailQueue::Taken& taken, uint64_t memory_bytes);

// Tells that so many spans were not looked at.
std::string SkippedSpansEvent(uint64_t spans);

}  // namespace clew::serve
