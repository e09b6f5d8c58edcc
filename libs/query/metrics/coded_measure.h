// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "query/metrics/by_codes.h"
#include "query/metrics/measured_groups.h"
#include "query/metrics/page_tallies.h"

namespace clew::query {

// Measures the rows of a row group a page at a time: they are counted by the codes of their
// labels, and a group is looked for once for each code. One thread.
class CodedMeasure {
 public:
  // All outlive it.
  CodedMeasure(const traceql::MetricsAggregate& aggregate, const TimeAxis& axis,
               MeasuredGroups& groups)
      : aggregate_(aggregate), axis_(axis), groups_(groups), tallies_(measured_) {}

  // False, and nothing done, when the labels or the field have no codes or numbers to count.
  base::Result<bool> AddRows(const SelectedRows& selected, Cancellation& cancellation);

 private:
  // Makes numbers_ those that the function asks for; false when they are not to be had.
  base::Result<bool> FindNumbers(BlockRows& group);
  struct Page;
  // False when a page has so many slots that they would cost more than its rows.
  bool HasFewSlots(const Page& page) const;
  // Counts a page span by span.
  base::Status AddSpans(const SelectedRows& selected, const Page& page, Cancellation& cancellation);
  base::Status AddPage(const SelectedRows& selected, const Page& page, Cancellation& cancellation);
  // Finds the slot of each row of the page: its interval, from that of the page on, and its code.
  base::Status FindSlots(const SelectedRows& selected, const Page& page);
  void CountRows(const SelectedRows& selected, const Page& page);
  // Finds the groups of the codes that come in the page for the first time.
  base::Status FindGroups(const SelectedRows& selected, const Page& page,
                          Cancellation& cancellation);
  base::Status ShowSpans(const SelectedRows& selected, const Page& page,
                         Cancellation& cancellation);

  const traceql::MetricsAggregate& aggregate_;
  const MeasuredAs measured_ = MeasuredBy(aggregate_.function);
  const TimeAxis& axis_;
  MeasuredGroups& groups_;
  PageTallies tallies_;
  // Of the row group in hand.
  std::optional<ByCodes> by_;
  std::span<const int64_t> numbers_;     // by row; empty: none are asked for
  std::vector<int64_t> looked_up_;       // which they are where the file has codes
  std::vector<GroupMeasure*> of_codes_;  // null: not looked for yet
  // Of the page in hand.
  std::vector<uint32_t> slots_;  // by row; empty: not found yet
  std::vector<uint8_t> shown_;   // by slot: 1 where a span may be shown
};

}  // namespace clew::query
