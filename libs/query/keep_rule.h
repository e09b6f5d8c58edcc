// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "store/keep_rule.h"
#include "traceql/ast.h"

namespace clew::query {

// A query, and how long traces are kept, after they were received, that it finds.
struct KeepQuery {
  traceql::SpansetPipeline pipeline;  // of a query that is valid
  int64_t age_ns = 0;
};

// Keeps the traces that one of the queries finds, for the longest that one of them says.
// kInvalidArgument when one cannot be asked of each trace alone: it has a limit(), or a spanset
// operator would meet several spansets. REQUIRES: !queries.empty()
base::Result<std::shared_ptr<const store::KeepRule>> MakeKeepRule(std::vector<KeepQuery> queries);

}  // namespace clew::query
