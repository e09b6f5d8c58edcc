// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "reference/metrics.h"
#include "reference/search.h"
#include "reference/text_file.h"

// Answers as text tests have them, line by line. No answer at all is `nothing`.
namespace clew::reference {

// A line for each spanset: `1: a b +2 | count()=4`, the trace, the letters of the spans, how
// many more matched than came back, and what is said of the spanset.
std::vector<std::string> LinesOf(const std::vector<FoundTrace>& found, const TextSpans& spans,
                                 const TextOptions& options);

// A line for each series: `{name="GET"} 1 0.5 -`, - where there is no sample; then one for
// each exemplar: `exemplar 1 @1.5s 0.5 {code=200}`.
std::vector<std::string> LinesOf(const MetricsAnswer& answer);

}  // namespace clew::reference
