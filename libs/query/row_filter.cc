// SPDX-License-Identifier: Apache-2.0
#include "query/row_filter.h"

#include <utility>

#include "query/eval/field.h"

namespace clew::query {

base::Status RowFilter::Narrow(BlockRows& group, FieldSet& fields, Cancellation& cancellation,
                               RowSet& rows) const {
  TRY(condition_.Narrow(group, cancellation, rows));
  if (rows.empty() || TRY(condition_.IsExact(group))) return {};
  return NarrowByRow(fields, cancellation, rows);
}

base::Status RowFilter::Narrow(const store::Memtable& memtable, FieldSet& fields,
                               Cancellation& cancellation, RowSet& rows) const {
  condition_.Narrow(memtable, cancellation, rows);
  return NarrowByRow(fields, cancellation, rows);
}

base::Status RowFilter::NarrowByRow(FieldSet& fields, Cancellation& cancellation,
                                    RowSet& rows) const {
  if (expr_ == nullptr) return {};
  const Field* const field = TRY(fields.Get(*expr_));
  RowSet matching(rows.size());
  for (auto row = rows.Next(0, rows.size()); row; row = rows.Next(*row + 1, rows.size())) {
    if (cancellation.CancelledAfterRow()) return QueryCancelled();
    const SpanAt at{.row = static_cast<uint32_t>(*row), .texts = &fields.texts()};
    if (IsTrue(field->Evaluate(at))) matching.Add(*row);
  }
  rows = std::move(matching);
  return {};
}

}  // namespace clew::query
