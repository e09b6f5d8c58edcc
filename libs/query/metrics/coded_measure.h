// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "query/metrics/by_codes.h"
#include "query/metrics/measured_groups.h"
#include "query/metrics/measured_numbers.h"
#include "query/metrics/page_tallies.h"

namespace clew::query {

// Measures the rows of a row group, as many pages at a time as there is room for: they are
// counted by the codes of their labels and their intervals, and a group is looked for once for
// each code. Shows no spans. One thread.
class CodedMeasure {
 public:
  // All outlive it.
  CodedMeasure(const traceql::MetricsAggregate& aggregate, const TimeAxis& axis,
               MeasuredGroups& groups)
      : aggregate_(aggregate), axis_(axis), groups_(groups), tallies_(measured_) {}

  // False, and nothing done, when the labels or the field have no codes or numbers to count.
  base::Result<bool> AddRows(const SelectedRows& selected, Cancellation& cancellation);

 private:
  // A page, and the intervals that its spans lie in.
  struct Page {
    BlockRows::Page rows;
    uint32_t first_interval, last_interval;
  };
  // Pages that are counted together, and the intervals that their spans lie in.
  struct Run {
    std::vector<Page> pages;
    uint32_t first_interval, last_interval;
  };
  base::Result<Page> PageOf(const BlockRows::Page& rows) const;
  // Whether there are few enough slots for those intervals.
  bool HasRoom(uint32_t first_interval, uint32_t last_interval) const;
  // Counts a page span by span.
  base::Status AddSpans(const SelectedRows& selected, const Page& page, Cancellation& cancellation);
  base::Status AddRun(const SelectedRows& selected, const Run& run, Cancellation& cancellation);
  base::Status AddPage(const SelectedRows& selected, const Page& page, uint32_t first_interval);
  // Finds the slot of each row of the page: its interval, from the first on, and its code.
  base::Status FindSlots(const SelectedRows& selected, const Page& page, uint32_t first_interval);
  void CountRows(const SelectedRows& selected, const Page& page);

  const traceql::MetricsAggregate& aggregate_;
  const MeasuredAs measured_ = MeasuredBy(aggregate_.function);
  const TimeAxis& axis_;
  MeasuredGroups& groups_;
  PageTallies tallies_;
  // Of the row group in hand.
  std::optional<ByCodes> by_;
  MeasuredNumbers numbers_;
  std::vector<size_t> of_codes_;  // groups; kUnknown: not looked for yet
  std::vector<uint32_t> slots_;   // by row of the page in hand
  std::vector<Value> values_;     // of the code in hand
};

}  // namespace clew::query
