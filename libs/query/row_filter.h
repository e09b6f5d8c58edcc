// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "query/cancellation.h"
#include "query/condition_filter.h"
#include "query/eval/field_set.h"

namespace clew::query {

// `{ expr }`, asked of rows by themselves: columns first, and row by row what they do not tell.
// One thread.
class RowFilter {
 public:
  // Both outlive it; null is `{ }`. REQUIRES: IsOfSpan(expr)
  RowFilter(const traceql::FieldExpr* expr, Regexes& regexes)
      : expr_(expr), condition_(ConditionOf(expr, regexes)) {}

  // Clears those of `rows` that it does not take. `fields` are of the source.
  base::Status Narrow(BlockRows& group, FieldSet& fields, Cancellation& cancellation,
                      RowSet& rows) const;
  base::Status Narrow(const store::Memtable& memtable, FieldSet& fields, Cancellation& cancellation,
                      RowSet& rows) const;

 private:
  base::Status NarrowByRow(FieldSet& fields, Cancellation& cancellation, RowSet& rows) const;

  const traceql::FieldExpr* const expr_;
  const ConditionFilter condition_;
};

}  // namespace clew::query
