// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "query/metrics/time_axis.h"
#include "serve/api.h"
#include "traceql/ast.h"

namespace clew::serve {

// What the metrics API was asked, checked.
struct MetricsParameters {
  traceql::Query query;
  query::MetricsOptions options;
};

// `now_ns`: Unix nanoseconds, the end where none is given. The errors are for a person to
// read, in Tempo's words where it has them.
base::Result<MetricsParameters> ParseMetricsParameters(const ApiRequest& request, bool instant,
                                                       int64_t now_ns);

// A step that makes about 240 intervals of a range, a round one where it can be.
int64_t DefaultStep(int64_t range_ns);

// Unix time from 1970 to 2096 as nanoseconds: seconds (up to ten digits, or with a fraction),
// nanoseconds, or RFC 3339 as in 2024-01-31T12:00:00Z.
base::Result<int64_t> ParseUnixTime(std::string_view text);

}  // namespace clew::serve
