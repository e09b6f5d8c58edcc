// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "query/condition.h"
#include "query/span_filter.h"

namespace clew::query {

// Spans for which a condition holds.
class ConditionFilter final : public SpanFilter {
 public:
  explicit ConditionFilter(Condition condition) : condition_(std::move(condition)) {}

  base::Status Narrow(BlockRows& group, Cancellation& cancellation,
                      std::vector<bool>& rows) const override;
  void Narrow(const store::Memtable& memtable, Cancellation& cancellation,
              std::vector<bool>& rows) const override;

 private:
  const Condition condition_;
};

// The rows among which a test of a block's row group, or of a memtable, has a value that
// passes it. Of an intrinsic that has no columns: all.
base::Result<std::vector<bool>> RowsThatPass(const Condition& test, BlockRows& group,
                                             Cancellation& cancellation);
std::vector<bool> RowsThatPass(const Condition& test, const store::Memtable& memtable,
                               uint32_t rows, Cancellation& cancellation);

}  // namespace clew::query
