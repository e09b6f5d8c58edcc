// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/coded_measure.h"

#include <algorithm>
#include <utility>

namespace clew::query {
namespace {

base::Error WrongBounds() {
  return {base::ErrorCode::kCorruption,
          "spans.parquet: a page tells wrong bounds of start_unix_nano"};
}

}  // namespace

// A page, and the intervals that its spans lie in.
struct CodedMeasure::Page {
  BlockRows::Page rows;
  uint32_t first_interval, intervals;
};

base::Result<bool> CodedMeasure::FindNumbers(BlockRows& group) {
  numbers_ = {};
  if (measured_ == MeasuredAs::kSpans) return true;
  const auto* intrinsic = std::get_if<traceql::Intrinsic>(&aggregate_.field->node);
  if (intrinsic == nullptr || *intrinsic != traceql::Intrinsic::kDuration) return false;
  const store::ColumnCells* const cells = TRY(group.Cells(store::Intrinsic::kDurationNano));
  if (!cells->has_codes()) {
    numbers_ = std::get<std::vector<int64_t>>(cells->values());
    return true;
  }
  looked_up_.clear();
  for (uint32_t row = 0; row < group.size(); ++row) looked_up_.push_back(cells->Int64(row));
  numbers_ = looked_up_;
  return true;
}

base::Result<bool> CodedMeasure::AddRows(const SelectedRows& selected, Cancellation& cancellation) {
  by_ = TRY(ByCodes::Of(aggregate_.by, selected.group));
  if (!by_) return false;
  if (!TRY(FindNumbers(selected.group))) return false;
  of_codes_.assign(by_->code_count(), nullptr);
  for (const BlockRows::Page& rows : *TRY(selected.group.Pages())) {
    if (cancellation.Look()) return QueryCancelled();
    if (!selected.rows.Next(rows.first_row, rows.end())) continue;
    // Of spans out of the range it does not matter in which interval they are not counted.
    const TimeRange& range = axis_.range();
    const int64_t first = std::max(rows.first_start, *range.start_unix_nano);
    const int64_t last = std::min(rows.last_start, *range.end_unix_nano - 1);
    const auto first_interval = static_cast<uint32_t>(axis_.IntervalOf(first));
    const auto last_interval = static_cast<uint32_t>(axis_.IntervalOf(last));
    if (first_interval > last_interval) return WrongBounds();
    const Page page{rows, first_interval, last_interval - first_interval + 1};
    TRY(HasFewSlots(page) ? AddPage(selected, page, cancellation)
                          : AddSpans(selected, page, cancellation));
  }
  return true;
}

bool CodedMeasure::HasFewSlots(const Page& page) const {
  constexpr uint64_t kFewSlots = uint64_t{1} << 16;
  return uint64_t{page.intervals} * by_->code_count() <= kFewSlots;
}

base::Status CodedMeasure::AddSpans(const SelectedRows& selected, const Page& page,
                                    Cancellation& cancellation) {
  return selected.ForEach(
      page.rows.first_row, page.rows.end(), cancellation, [&](const SelectedSpan& span) {
        return groups_.Add(span, static_cast<uint32_t>(axis_.IntervalOf(span.start_unix_nano)));
      });
}

base::Status CodedMeasure::AddPage(const SelectedRows& selected, const Page& page,
                                   Cancellation& cancellation) {
  const uint32_t codes = by_->code_count();
  const size_t slots = size_t{page.intervals} * codes;
  tallies_.Begin(slots);
  slots_.clear();
  const bool whole = selected.rows.HasAll(page.rows.first_row, page.rows.end());
  if (whole && measured_ == MeasuredAs::kSpans && page.intervals == 1 && by_->counts_fast()) {
    by_->Count(page.rows.first_row, page.rows.end(), tallies_.counts());
  } else {
    TRY(FindSlots(selected, page));
    CountRows(selected, page);
  }
  shown_.assign(groups_.shows_spans() ? slots : 0, 0);
  bool shows = false;
  bool knows_all = true;
  for (size_t slot = 0; slot < slots; ++slot) {
    knows_all = knows_all && (tallies_.count(slot) == 0 || of_codes_[slot % codes] != nullptr);
  }
  if (!knows_all) TRY(FindGroups(selected, page, cancellation));
  for (size_t slot = 0; slot < slots; ++slot) {
    if (tallies_.count(slot) == 0) continue;
    GroupMeasure* const group = of_codes_[slot % codes];
    const auto interval = page.first_interval + static_cast<uint32_t>(slot / codes);
    const SpanSum sum = tallies_.Take(slot);
    group->Add(interval, sum);
    if (!groups_.shows_spans()) continue;
    shown_[slot] = group->MayShow(interval, sum, page.rows.first_start) ? 1 : 0;
    shows = shows || shown_[slot] != 0;
  }
  tallies_.End();
  return shows ? ShowSpans(selected, page, cancellation) : base::Status();
}

base::Status CodedMeasure::FindSlots(const SelectedRows& selected, const Page& page) {
  if (!slots_.empty()) return {};
  slots_.resize(page.rows.rows);
  by_->Read(page.rows.first_row, slots_);
  if (page.intervals == 1) return {};
  const store::BlockFile::Cells starts =
      TRY(selected.group.CellsOfPage(store::Intrinsic::kStartUnixNano, page.rows.number));
  const uint32_t codes = by_->code_count();
  int64_t first = 0;  // of the interval of the row before, (first, last]
  int64_t last = -1;
  uint32_t base = 0;
  bool in_bounds = true;
  selected.rows.ForEach(page.rows.first_row, page.rows.end(), [&](size_t row) {
    const size_t of_page = row - page.rows.first_row;
    const int64_t start = starts->Int64(of_page);
    if (start <= first || start > last) {
      const size_t interval = axis_.IntervalOf(start);
      in_bounds = in_bounds && interval - page.first_interval < page.intervals;
      if (!in_bounds) return;
      last = axis_.right_edge(interval);
      first = last - axis_.step_ns();
      base = static_cast<uint32_t>(interval - page.first_interval) * codes;
    }
    slots_[of_page] += base;
  });
  return in_bounds ? base::Status() : WrongBounds();
}

void CodedMeasure::CountRows(const SelectedRows& selected, const Page& page) {
  const uint32_t first = page.rows.first_row;
  const auto count = [&](auto count_row) {
    selected.rows.ForEach(first, page.rows.end(), count_row);
  };
  switch (measured_) {
    case MeasuredAs::kSpans:
      return count([&](size_t row) { tallies_.Count(slots_[row - first]); });
    case MeasuredAs::kBuckets:
      return count([&](size_t row) { tallies_.CountBucket(slots_[row - first], numbers_[row]); });
    case MeasuredAs::kTally:
      return count([&](size_t row) { tallies_.CountNumber(slots_[row - first], numbers_[row]); });
  }
}

base::Status CodedMeasure::FindGroups(const SelectedRows& selected, const Page& page,
                                      Cancellation& cancellation) {
  TRY(FindSlots(selected, page));
  const uint32_t codes = by_->code_count();
  RowSet first(selected.rows.size());  // of each new code that is counted
  std::vector<uint8_t> seen(codes);
  selected.rows.ForEach(page.rows.first_row, page.rows.end(), [&](size_t row) {
    const uint32_t slot = slots_[row - page.rows.first_row];
    const uint32_t code = slot % codes;
    if (of_codes_[code] != nullptr || seen[code] != 0 || tallies_.count(slot) == 0) return;
    seen[code] = 1;
    first.Add(row);
  });
  const SelectedRows of_new{selected.group, selected.fields, first};
  return of_new.ForEach(page.rows.first_row, page.rows.end(), cancellation,
                        [&](const SelectedSpan& span) -> base::Status {
                          const uint32_t slot = slots_[span.at.row - page.rows.first_row];
                          of_codes_[slot % codes] = TRY(groups_.GroupOf(span));
                          return {};
                        });
}

base::Status CodedMeasure::ShowSpans(const SelectedRows& selected, const Page& page,
                                     Cancellation& cancellation) {
  TRY(FindSlots(selected, page));
  RowSet rows(selected.rows.size());
  selected.rows.ForEach(page.rows.first_row, page.rows.end(), [&](size_t row) {
    if (shown_[slots_[row - page.rows.first_row]] != 0) rows.Add(row);
  });
  const SelectedRows shown{selected.group, selected.fields, rows};
  return shown.ForEach(page.rows.first_row, page.rows.end(), cancellation,
                       [&](const SelectedSpan& span) {
                         const uint32_t slot = slots_[span.at.row - page.rows.first_row];
                         const uint32_t interval = page.first_interval + slot / by_->code_count();
                         return groups_.Show(span, interval, *of_codes_[slot % by_->code_count()]);
                       });
}

}  // namespace clew::query
