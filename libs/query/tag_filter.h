// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "query/search.h"
#include "query/span_filter.h"

namespace clew::query {

// Spans that meet all of some predicates on spans.
class TagFilter final : public SpanFilter {
 public:
  explicit TagFilter(std::vector<TagPredicate> predicates) : predicates_(std::move(predicates)) {}

  base::Status Narrow(BlockRows& group, Cancellation& cancellation, RowSet& rows) const override;
  void Narrow(const store::Memtable& memtable, Cancellation& cancellation,
              RowSet& rows) const override;

 private:
  const std::vector<TagPredicate> predicates_;
};

}  // namespace clew::query
