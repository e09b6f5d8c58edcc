// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "query/metrics/by_codes.h"
#include "query/metrics/interval_tallies.h"
#include "query/metrics/measured_groups.h"
#include "query/metrics/measured_numbers.h"

namespace clew::query {

// Measures the rows of row groups: a group is looked for once for each code of their labels, and
// spans are counted by their groups for some intervals on end, beside each other, before the groups
// are told. Shows no spans. One thread.
class CodedMeasure {
 public:
  // All outlive it.
  CodedMeasure(const traceql::MetricsAggregate& aggregate, const TimeAxis& axis,
               MeasuredGroups& groups)
      : aggregate_(aggregate), axis_(axis), groups_(groups) {}

  // False, and nothing done, when the labels or the field have no codes or numbers to count.
  base::Result<bool> AddRows(const SelectedRows& selected, Cancellation& cancellation);
  // Of the row group that was added last: by code, the group of its rows, or kNoGroup.
  static constexpr uint32_t kNoGroup = std::numeric_limits<uint32_t>::max();
  std::vector<uint32_t> TakeGroupsOfCodes() { return std::move(groups_of_codes_); }
  // Tells the groups what was counted.
  void Flush();

 private:
  // A page, and the intervals that its spans lie in.
  struct Page {
    BlockRows::Page rows;
    uint32_t first_interval, last_interval;
    uint32_t intervals() const { return last_interval - first_interval + 1; }
  };
  base::Result<Page> PageOf(const store::Block& block, const BlockRows::Page& rows) const;
  // Whether spans of that page can be counted in the intervals in hand.
  bool HasRoom(const Page& page) const;
  // Begins with intervals that they can be counted in; false when it has spans in too many.
  bool MakeRoom(const Page& page);
  // Counts a page span by span.
  base::Status AddSpans(const SelectedRows& selected, const Page& page, Cancellation& cancellation);
  base::Status AddPage(const SelectedRows& selected, const Page& page);
  // Counts a page whose rows are all selected and lie in one interval, where one column tells
  // their groups.
  base::Status CountColumn(const Page& page);
  base::Status CountCodes(const Page& page);
  base::Result<uint32_t> FindSlot(uint32_t code);
  base::Status FindAllSlots();
  // The code of each row of the page; their slots are known then.
  base::Status ReadCodes(const SelectedRows& selected, const Page& page);
  // The interval of each row of the page, from the first in hand on.
  base::Status FindIntervals(const SelectedRows& selected, const Page& page);
  void CountRows(const SelectedRows& selected, const Page& page);

  const traceql::MetricsAggregate& aggregate_;
  const MeasuredAs measured_ = MeasuredBy(aggregate_.function);
  const TimeAxis& axis_;
  MeasuredGroups& groups_;
  // The intervals in hand, and the groups that have slots in them.
  uint32_t first_interval_ = 0;
  std::vector<IntervalTallies> intervals_;
  size_t most_slots_ = 0;
  uint64_t rows_in_hand_ = 0;
  std::vector<size_t> of_slots_;     // groups
  std::vector<uint32_t> of_groups_;  // slots; kNone: it has none
  // Of the row group in hand.
  std::optional<ByCodes> by_;
  MeasuredNumbers numbers_;
  std::vector<uint32_t> of_codes_;  // slots; kNone: not looked for yet
  bool has_all_slots_ = false;      // none of them is
  std::vector<uint32_t> groups_of_codes_;
  bool all_selected_ = false;
  // Of the page in hand, by row.
  std::vector<uint32_t> codes_;
  std::vector<uint32_t> of_rows_;  // intervals
  std::vector<uint32_t> new_codes_;
  // Of the code in hand.
  std::vector<Value> values_;
  std::vector<uint32_t> counts_;  // by code
};

}  // namespace clew::query
