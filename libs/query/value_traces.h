// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "query/tags.h"
#include "store/sources.h"
#include "traceql/ast.h"

namespace clew::query {

// A value of a tag, and the traces that have a span with it among those that a query selects.
struct ValueTraces {
  TagValue value;
  uint64_t traces = 0;
  // How long 95 % of them took at most: as quantile_over_time() has it, by powers of two, but no
  // longer than any of them.
  double p95_seconds = 0;
};

// All values there are, sorted. A trace counts once for a value, wherever its spans lie and however
// often they were received, and lasts as long as trace:duration says. Tags and blocks that
// cannot be read are those of ListTagValues. kCancelled; kExhausted over the memory budget.
base::Result<std::vector<ValueTraces>> CountTracesOfValues(const store::Sources& sources,
                                                           const Tag& tag,
                                                           const traceql::SpansetPipeline& pipeline,
                                                           const TagQuestion& question = {});

}  // namespace clew::query
