// SPDX-License-Identifier: Apache-2.0
#include "query/tag_filter.h"

#include "query/block_tag_match.h"
#include "query/tag_match.h"

namespace clew::query {

base::Status TagFilter::Narrow(BlockRows& group, Cancellation& cancellation, RowSet& rows) const {
  for (const TagPredicate& predicate : predicates_) {
    if (cancellation.Look()) return {};
    TRY(MatchTag(predicate, group, rows));
    if (rows.empty()) break;
  }
  return {};
}

void TagFilter::Narrow(const store::Memtable& memtable, Cancellation& cancellation,
                       RowSet& rows) const {
  for (const TagPredicate& predicate : predicates_) {
    const auto count = static_cast<uint32_t>(rows.size());
    const TagMatch match(memtable, predicate, count, cancellation);
    RowSet matching(count);
    for (uint32_t row = 0; row < count && !cancellation.CancelledAfterRow(); ++row) {
      if (rows.Has(row) && match.Matches(row)) matching.Add(row);
    }
    rows = std::move(matching);
  }
}

}  // namespace clew::query
