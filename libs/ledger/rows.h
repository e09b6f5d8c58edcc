// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ledger/ledger.h"

namespace clew::ledger {

enum class GroupBy : uint8_t {
  kOperation,  // who a segment is charged to, in full
  kService,
  kCategory,
  kAttribute,  // Span::group
};

// What of the fields of an owner a grouping keeps.
Owner Grouped(const Owner& owner, GroupBy by);
// Whose row a segment belongs to. The network is a matter of the two services, whatever is called.
Owner RowOwnerOf(const Trace& trace, const Segment& segment, GroupBy by);

// What one owner has of an account.
struct Row {
  Owner owner;  // as grouped; of the network without the operation
  uint64_t nanos = 0;
  uint64_t ambiguous_nanos = 0;  // of them, where the order of siblings is not known
  // At most so much is saved by making it faster: then something that ran beside it is the last.
  uint64_t drag_nanos = 0;
  uint32_t share = 0;                       // whole per cent
  uint32_t parallel_with = kNone;           // the sibling beside its longest ambiguous segment
  uint32_t rival = kNone;                   // what is the last then, of where most cannot be saved
  uint32_t first_span = 0, span_count = 0;  // in Rows::spans
};

struct RowSpan {
  uint32_t span = kNone;
  uint64_t nanos = 0;
};

struct Rows {
  static constexpr uint32_t kOrderedSpans = 100;

  std::vector<Row> rows;       // the largest first; of equal ones that which comes first in time
  std::vector<RowSpan> spans;  // of each row its own, the largest hundred first
  std::vector<uint32_t> row_of_segment;  // by place in the account
  uint64_t nanos = 0;                    // of all rows

  std::span<const RowSpan> SpansOf(const Row& row) const {
    return std::span(spans).subspan(row.first_span, row.span_count);
  }
};

// The account by owner. The rows add up to it, and their shares to 100 unless it is empty.
Rows RowsOf(const Trace& trace, const TraceLedger& ledger, const Account& account, GroupBy by);

}  // namespace clew::ledger
