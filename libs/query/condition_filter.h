// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "query/condition.h"
#include "query/span_filter.h"

namespace clew::query {

// Spans for which a condition holds.
class ConditionFilter final : public SpanFilter {
 public:
  explicit ConditionFilter(Condition condition) : condition_(std::move(condition)) {}

  base::Status Narrow(BlockRows& group, Cancellation& cancellation, RowSet& rows) const override;
  void Narrow(const store::Memtable& memtable, Cancellation& cancellation,
              RowSet& rows) const override;

  // Whether it takes those rows of the group for which the expression is true, and no others.
  base::Result<bool> IsExact(BlockRows& group) const;

 private:
  const Condition condition_;
};

// Whether one value of an attribute passes. An empty array does: some comparisons hold for it.
inline bool PassesAny(const Value& value, const std::function<bool(const Scalar&)>& test) {
  bool any = value.is_array && value.elements.empty();
  value.ForEach([&](const Scalar& one) { any = any || test(one); });
  return any;
}

// The rows among which a test of a block's row group, or of a memtable, has a value that
// passes it. Of an intrinsic that has no columns: all.
base::Result<RowSet> RowsThatPass(const Condition& test, BlockRows& group,
                                  Cancellation& cancellation);
RowSet RowsThatPass(const Condition& test, const store::Memtable& memtable, uint32_t rows,
                    Cancellation& cancellation);

}  // namespace clew::query
