// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "query/cancellation.h"
#include "query/eval/regexes.h"
#include "query/left_out.h"
#include "query/metrics/by_codes.h"
#include "query/metrics/exemplar_picker.h"
#include "query/metrics/measured_groups.h"
#include "query/metrics/measured_numbers.h"
#include "query/metrics/time_axis.h"
#include "store/block.h"

namespace clew::query {

// A row group that was measured by codes, and which of its rows.
struct MeasuredRows {
  const store::Block* block = nullptr;
  size_t group = 0;
  std::optional<RowSet> rows{};                               // none: all
  int64_t first_start = std::numeric_limits<int64_t>::max();  // of their pages
  int64_t last_start = std::numeric_limits<int64_t>::min();
  std::vector<uint32_t> groups_of_codes{};  // see CodedMeasure

  static base::Result<MeasuredRows> Of(const SelectedRows& selected);
};

// Shows spans of row groups that were measured by codes, beside samples that were chosen once all
// are known. Row groups are gone through by time, and pages that can have no earlier span of any
// sample than the one found are passed over, so that few are read. One thread.
class CodedExemplars {
 public:
  // What it works with, all of which outlives it.
  struct Means {
    const traceql::MetricsAggregate& aggregate;
    const TimeAxis& axis;
    Regexes& regexes;
    Cancellation& cancellation;
    LeftOut* left_out;
  };
  CodedExemplars(const Means& means, MeasuredGroups& groups) : means_(means), groups_(groups) {}

  base::Status Show(std::vector<MeasuredRows> all,
                    const std::vector<ExemplarPicker::Place>& chosen);

 private:
  // A sample, and the earliest of its spans in the page in hand.
  struct Chosen {
    ExemplarPicker::Place place;
    int64_t after, last;  // the ends of its interval, (after, last]
    uint32_t kind;        // what a span's number must come to
    int64_t earliest = 0;
    std::vector<size_t> rows{};
    size_t next = 0;  // of the same slot in the page in hand
  };
  static constexpr size_t kNone = std::numeric_limits<size_t>::max();

  // Whether spans that start in [first, last] may come before the one that is shown.
  bool MayShow(const Chosen& one, int64_t first, int64_t last) const;
  base::Status ShowGroup(const MeasuredRows& measured);
  base::Status ShowPage(const SelectedRows& selected, const BlockRows::Page& page);
  // The chosen samples of the group of a code.
  const std::vector<size_t>& ChosenOf(const MeasuredRows& measured, uint32_t code);
  // By code, the chosen samples of its group; false when no code has any.
  bool FindCodes(const MeasuredRows& measured);
  // The same by slot, of those that the page may have spans of.
  bool FindSlots(const BlockRows::Page& page);
  void ForgetSlots();
  base::Status FindEarliest(const SelectedRows& selected, const BlockRows::Page& page);
  uint32_t KindOf(size_t row) const;

  const Means means_;
  MeasuredGroups& groups_;
  std::vector<Chosen> chosen_;
  std::vector<std::vector<size_t>> of_groups_;  // places in chosen_
  uint32_t kinds_ = 1;
  // Of the row group in hand.
  std::optional<ByCodes> by_;
  MeasuredNumbers numbers_;
  struct OfCode {
    uint32_t code;
    const std::vector<size_t>* chosen;
  };
  std::vector<OfCode> codes_;
  std::vector<size_t> slots_;  // by code and kind: the first of chosen_, kNone where there is none
  std::vector<size_t> used_slots_;
  std::vector<Value> values_;  // of the code in hand
  // Of the page in hand.
  std::vector<uint32_t> row_codes_;
};

}  // namespace clew::query
