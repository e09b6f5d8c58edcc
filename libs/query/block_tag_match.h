// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "query/block_rows.h"
#include "query/row_set.h"
#include "query/search.h"

namespace clew::query {

// Takes out of `rows`, one flag for each row of the group, those that do not meet a
// predicate on spans; what TagMatch says of the same spans in a memtable. A value of a
// dictionary is looked at once.
base::Status MatchTag(const TagPredicate& predicate, BlockRows& group, RowSet& rows);

}  // namespace clew::query
