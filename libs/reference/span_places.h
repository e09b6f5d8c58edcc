// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "reference/assembled_trace.h"

namespace clew::reference {

// The places of the spans of a trace, which come by (start, span id).
std::vector<SpanPlace> PlacesOf(std::span<const Span* const> spans);

}  // namespace clew::reference
