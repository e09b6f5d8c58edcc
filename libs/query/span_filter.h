// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "query/block_rows.h"
#include "query/cancellation.h"
#include "query/row_set.h"
#include "store/memtable.h"

namespace clew::query {

// Which spans make their traces worth a closer look. What it answers of a query that was
// cancelled is of no use. One thread.
class SpanFilter {
 public:
  virtual ~SpanFilter() = default;
  // Clears those of `rows` that do not match.
  virtual base::Status Narrow(BlockRows& group, Cancellation& cancellation, RowSet& rows) const = 0;
  virtual void Narrow(const store::Memtable& memtable, Cancellation& cancellation,
                      RowSet& rows) const = 0;
};

}  // namespace clew::query
