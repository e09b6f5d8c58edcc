// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "query/block_rows.h"
#include "query/cancellation.h"
#include "query/eval/field_set.h"
#include "query/metrics/split_rows.h"
#include "query/metrics/value_counts.h"
#include "traceql/ast.h"

namespace clew::query {

// What is compared of spans, and how often each side has what.
struct ComparedColumn {
  const traceql::FieldExpr* expr = nullptr;
  ValueCounts* baseline = nullptr;
  ValueCounts* selection = nullptr;

  // Counts it in rows of a group: a value once for all the rows that have its code.
  base::Status Count(const SplitRows& split, BlockRows& group, FieldSet& fields,
                     Cancellation& cancellation) const;
};

}  // namespace clew::query
