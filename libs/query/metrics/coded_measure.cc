// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/coded_measure.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace clew::query {
namespace {

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();
// Of all intervals in hand; so many counts are in reach of a processor.
constexpr size_t kFewSlots = size_t{1} << 16;
// So many a counter can count.
constexpr uint64_t kMostRows = std::numeric_limits<uint32_t>::max();
// Row groups that come next have other groups too.
constexpr size_t kSlotsOfCode = 4;

// Calls `visit` with rows [first, end) that are in the set.
template <typename Visit>
void ForEachRow(const RowSet& rows, size_t first, size_t end, const Visit& visit) {
  if (!rows.HasAll(first, end)) return rows.ForEach(first, end, visit);
  for (size_t row = first; row < end; ++row) visit(row);
}

base::Error WrongBounds(const store::Block& block) {
  return {base::ErrorCode::kCorruption,
          "block " + block.description().id +
              ": spans.parquet: a page tells wrong bounds of start_unix_nano"};
}

}  // namespace

base::Result<CodedMeasure::Page> CodedMeasure::PageOf(const store::Block& block,
                                                      const BlockRows::Page& rows) const {
  // Of spans out of the range it does not matter in which interval they are not counted.
  const TimeRange& range = axis_.range();
  const int64_t first = std::max(rows.first_start, *range.start_unix_nano);
  const int64_t last = std::min(rows.last_start, *range.end_unix_nano - 1);
  const Page page{rows, static_cast<uint32_t>(axis_.IntervalOf(first)),
                  static_cast<uint32_t>(axis_.IntervalOf(last))};
  if (page.first_interval > page.last_interval) return WrongBounds(block);
  return page;
}

base::Result<bool> CodedMeasure::AddRows(const SelectedRows& selected, Cancellation& cancellation) {
  by_ = TRY(ByCodes::Of(aggregate_.by, selected.group));
  if (!by_) return false;
  if (!TRY(numbers_.Find(aggregate_, selected.group))) return false;
  const bool fits = of_slots_.size() + by_->code_count() <= most_slots_ &&
                    rows_in_hand_ + selected.group.size() <= kMostRows;
  if (!fits) Flush();
  rows_in_hand_ += selected.group.size();
  of_codes_.assign(by_->code_count(), kNone);
  groups_of_codes_.assign(by_->code_count(), kNoGroup);
  has_all_slots_ = false;
  all_selected_ = selected.rows.HasAll(0, selected.rows.size());
  for (const BlockRows::Page& rows : *TRY(selected.group.Pages())) {
    if (!selected.rows.Next(rows.first_row, rows.end())) continue;
    if (cancellation.Look()) return QueryCancelled();
    const Page page = TRY(PageOf(selected.block, rows));
    if (HasRoom(page) || MakeRoom(page)) {
      TRY(AddPage(selected, page));
    } else {
      TRY(AddSpans(selected, page, cancellation));
    }
  }
  return true;
}

bool CodedMeasure::HasRoom(const Page& page) const {
  return page.first_interval >= first_interval_ &&
         page.last_interval < first_interval_ + intervals_.size();
}

bool CodedMeasure::MakeRoom(const Page& page) {
  const size_t codes = by_->code_count();
  if (page.intervals() * codes > kFewSlots) return false;
  Flush();
  const size_t roomy = kFewSlots / (kSlotsOfCode * codes);
  const size_t left = axis_.interval_count() - page.first_interval;
  const size_t intervals = std::max<size_t>(page.intervals(), std::min(roomy, left));
  first_interval_ = page.first_interval;
  intervals_.assign(intervals, IntervalTallies(measured_));
  most_slots_ = kFewSlots / intervals;
  return true;
}

void CodedMeasure::Flush() {
  for (size_t i = 0; i < intervals_.size(); ++i) {
    if (intervals_[i].empty()) continue;
    intervals_[i].Grow(of_slots_.size());
    for (size_t slot = 0; slot < of_slots_.size(); ++slot) {
      const SpanSum sum = intervals_[i].Take(slot);
      if (sum.count > 0)
        groups_.Add(of_slots_[slot], first_interval_ + static_cast<uint32_t>(i), sum);
    }
  }
  for (const size_t group : of_slots_) of_groups_[group] = kNone;
  of_slots_.clear();
  intervals_.clear();
  most_slots_ = 0;
  rows_in_hand_ = 0;
  std::ranges::fill(of_codes_, kNone);
  has_all_slots_ = false;
}

base::Status CodedMeasure::AddSpans(const SelectedRows& selected, const Page& page,
                                    Cancellation& cancellation) {
  const uint32_t first = page.rows.first_row;
  codes_.resize(page.rows.rows);
  by_->Read(selected.rows, first, codes_);
  return selected.ForEach(
      first, page.rows.end(), cancellation, [&](const SelectedSpan& span) -> base::Status {
        const auto interval = static_cast<uint32_t>(axis_.IntervalOf(span.start_unix_nano));
        const std::optional<size_t> group = TRY(groups_.Count(span, interval));
        if (group) groups_of_codes_[codes_[span.at.row - first]] = static_cast<uint32_t>(*group);
        return {};
      });
}

base::Status CodedMeasure::AddPage(const SelectedRows& selected, const Page& page) {
  if (all_selected_ && page.intervals() == 1 && by_->of_one_column()) return CountColumn(page);
  TRY(ReadCodes(selected, page));
  if (page.intervals() > 1) TRY(FindIntervals(selected, page));
  for (uint32_t interval = page.first_interval; interval <= page.last_interval; ++interval) {
    intervals_[interval - first_interval_].Grow(of_slots_.size());
  }
  CountRows(selected, page);
  return {};
}

base::Status CodedMeasure::CountColumn(const Page& page) {
  if (measured_ == MeasuredAs::kSpans) return CountCodes(page);
  if (!has_all_slots_) TRY(FindAllSlots());
  IntervalTallies& tallies = intervals_[page.first_interval - first_interval_];
  tallies.Grow(of_slots_.size());
  by_->column().Visit([&](const auto& codes) {
    const uint32_t first = page.rows.first_row;
    const std::span of_page = std::span(codes).subspan(first, page.rows.rows);
    if (measured_ == MeasuredAs::kBuckets) {
      tallies.CountBuckets(of_page, std::span<const uint32_t>(of_codes_),
                           numbers_.exponents().data() + first);
      return;
    }
    for (uint32_t row = first; row < page.rows.end(); ++row) {
      tallies.CountNumber(of_codes_[codes[row]], numbers_.numbers()[row]);
    }
  });
  return {};
}

base::Status CodedMeasure::CountCodes(const Page& page) {
  counts_.assign(by_->code_count(), 0);
  by_->Count(page.rows.first_row, page.rows.end(), counts_);
  IntervalTallies& tallies = intervals_[page.first_interval - first_interval_];
  for (uint32_t code = 0; code < counts_.size(); ++code) {
    if (counts_[code] == 0) continue;
    uint32_t& slot = of_codes_[code];
    if (slot == kNone) slot = TRY(FindSlot(code));
    tallies.Grow(of_slots_.size());
    tallies.Count(slot, counts_[code]);
  }
  return {};
}

base::Result<uint32_t> CodedMeasure::FindSlot(uint32_t code) {
  by_->ValuesOf(code, values_);
  const size_t group = TRY(groups_.GroupOf(values_));
  groups_of_codes_[code] = static_cast<uint32_t>(group);
  if (group >= of_groups_.size()) of_groups_.resize(group + 1, kNone);
  uint32_t& slot = of_groups_[group];
  if (slot == kNone) {
    slot = static_cast<uint32_t>(of_slots_.size());
    of_slots_.push_back(group);
  }
  return slot;
}

// Of a column nearly every code is that of some row.
base::Status CodedMeasure::FindAllSlots() {
  for (uint32_t code = 0; code < of_codes_.size(); ++code) {
    if (of_codes_[code] == kNone) of_codes_[code] = TRY(FindSlot(code));
  }
  has_all_slots_ = true;
  return {};
}

base::Status CodedMeasure::ReadCodes(const SelectedRows& selected, const Page& page) {
  const uint32_t first = page.rows.first_row;
  codes_.resize(page.rows.rows);
  by_->Read(selected.rows, first, codes_);
  new_codes_.clear();
  ForEachRow(selected.rows, first, page.rows.end(), [&](size_t row) {
    const uint32_t code = codes_[row - first];
    if (of_codes_[code] != kNone) return;
    of_codes_[code] = 0;  // until it is looked for
    new_codes_.push_back(code);
  });
  for (const uint32_t code : new_codes_) of_codes_[code] = TRY(FindSlot(code));
  return {};
}

base::Status CodedMeasure::FindIntervals(const SelectedRows& selected, const Page& page) {
  const store::BlockFile::Cells starts =
      TRY(selected.group.CellsOfPage(store::Intrinsic::kStartUnixNano, page.rows.number));
  of_rows_.resize(page.rows.rows);
  int64_t first = 0;  // of the interval of the row before, (first, last]
  int64_t last = -1;
  uint32_t interval = 0;
  bool in_bounds = true;
  selected.rows.ForEach(page.rows.first_row, page.rows.end(), [&](size_t row) {
    const size_t of_page = row - page.rows.first_row;
    const int64_t start = starts->Int64(of_page);
    if (start <= first || start > last) {
      const size_t of_start = axis_.IntervalOf(start);
      in_bounds = in_bounds && of_start >= page.first_interval && of_start <= page.last_interval;
      if (!in_bounds) return;
      last = axis_.right_edge(of_start);
      first = last - axis_.step_ns();
      interval = static_cast<uint32_t>(of_start) - first_interval_;
    }
    of_rows_[of_page] = interval;
  });
  return in_bounds ? base::Status() : WrongBounds(selected.block);
}

void CodedMeasure::CountRows(const SelectedRows& selected, const Page& page) {
  const uint32_t first = page.rows.first_row;
  const bool of_one = page.intervals() == 1;
  IntervalTallies* const only = &intervals_[page.first_interval - first_interval_];
  const std::span<const uint8_t> exponents = numbers_.exponents();
  const std::span<const int64_t> numbers = numbers_.numbers();
  const auto count = [&](const auto& count_row) {
    ForEachRow(selected.rows, first, page.rows.end(), [&](size_t row) {
      count_row(of_one ? *only : intervals_[of_rows_[row - first]], of_codes_[codes_[row - first]],
                row);
    });
  };
  switch (measured_) {
    case MeasuredAs::kSpans:
      return count([](IntervalTallies& tallies, uint32_t slot, size_t) { tallies.Count(slot, 1); });
    case MeasuredAs::kBuckets:
      return count([&](IntervalTallies& tallies, uint32_t slot, size_t row) {
        tallies.CountBucket(slot, exponents[row]);
      });
    case MeasuredAs::kTally:
      return count([&](IntervalTallies& tallies, uint32_t slot, size_t row) {
        tallies.CountNumber(slot, numbers[row]);
      });
  }
}

}  // namespace clew::query
