// SPDX-License-Identifier: Apache-2.0
#include "query/tag_filter.h"

#include <algorithm>

#include "query/block_tag_match.h"
#include "query/tag_match.h"

namespace clew::query {

base::Status TagFilter::Narrow(BlockRows& group, Cancellation& cancellation,
                               std::vector<bool>& rows) const {
  for (const TagPredicate& predicate : predicates_) {
    if (cancellation.Look()) return {};
    TRY(MatchTag(predicate, group, rows));
    if (std::ranges::find(rows, true) == rows.end()) break;
  }
  return {};
}

void TagFilter::Narrow(const store::Memtable& memtable, Cancellation& cancellation,
                       std::vector<bool>& rows) const {
  for (const TagPredicate& predicate : predicates_) {
    const auto count = static_cast<uint32_t>(rows.size());
    const TagMatch match(memtable, predicate, count, cancellation);
    for (uint32_t row = 0; row < count && !cancellation.CancelledAfterRow(); ++row) {
      rows[row] = rows[row] && match.Matches(row);
    }
  }
}

}  // namespace clew::query
