// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/coded_measure.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace clew::query {
namespace {

constexpr size_t kUnknown = std::numeric_limits<size_t>::max();

base::Error WrongBounds() {
  return {base::ErrorCode::kCorruption,
          "spans.parquet: a page tells wrong bounds of start_unix_nano"};
}

}  // namespace

base::Result<CodedMeasure::Page> CodedMeasure::PageOf(const BlockRows::Page& rows) const {
  // Of spans out of the range it does not matter in which interval they are not counted.
  const TimeRange& range = axis_.range();
  const int64_t first = std::max(rows.first_start, *range.start_unix_nano);
  const int64_t last = std::min(rows.last_start, *range.end_unix_nano - 1);
  const Page page{rows, static_cast<uint32_t>(axis_.IntervalOf(first)),
                  static_cast<uint32_t>(axis_.IntervalOf(last))};
  if (page.first_interval > page.last_interval) return WrongBounds();
  return page;
}

base::Result<bool> CodedMeasure::AddRows(const SelectedRows& selected, Cancellation& cancellation) {
  by_ = TRY(ByCodes::Of(aggregate_.by, selected.group));
  if (!by_) return false;
  if (!TRY(numbers_.Find(aggregate_, selected.group))) return false;
  of_codes_.assign(by_->code_count(), kUnknown);
  Run run{};
  for (const BlockRows::Page& rows : *TRY(selected.group.Pages())) {
    if (!selected.rows.Next(rows.first_row, rows.end())) continue;
    const Page page = TRY(PageOf(rows));
    if (!HasRoom(page.first_interval, page.last_interval)) {
      TRY(AddSpans(selected, page, cancellation));
      continue;
    }
    if (run.pages.empty()) run = {{}, page.first_interval, page.last_interval};
    const uint32_t first = std::min(run.first_interval, page.first_interval);
    const uint32_t last = std::max(run.last_interval, page.last_interval);
    if (HasRoom(first, last)) {
      run.first_interval = first;
      run.last_interval = last;
    } else {
      TRY(AddRun(selected, run, cancellation));
      run = {{}, page.first_interval, page.last_interval};
    }
    run.pages.push_back(page);
  }
  TRY(AddRun(selected, run, cancellation));
  return true;
}

bool CodedMeasure::HasRoom(uint32_t first_interval, uint32_t last_interval) const {
  constexpr uint64_t kFewSlots = uint64_t{1} << 16;
  return uint64_t{last_interval - first_interval + 1} * by_->code_count() <= kFewSlots;
}

base::Status CodedMeasure::AddSpans(const SelectedRows& selected, const Page& page,
                                    Cancellation& cancellation) {
  return selected.ForEach(
      page.rows.first_row, page.rows.end(), cancellation, [&](const SelectedSpan& span) {
        return groups_.Count(span, static_cast<uint32_t>(axis_.IntervalOf(span.start_unix_nano)));
      });
}

base::Status CodedMeasure::AddRun(const SelectedRows& selected, const Run& run,
                                  Cancellation& cancellation) {
  if (run.pages.empty()) return {};
  const uint32_t codes = by_->code_count();
  const size_t slots = size_t{run.last_interval - run.first_interval + 1} * codes;
  tallies_.Begin(slots);
  for (const Page& page : run.pages) {
    if (cancellation.Look()) return QueryCancelled();
    TRY(AddPage(selected, page, run.first_interval));
  }
  for (size_t slot = 0; slot < slots; ++slot) {
    if (tallies_.IsEmpty(slot)) continue;
    const SpanSum sum = tallies_.Take(slot);
    if (sum.count == 0) continue;
    size_t& group = of_codes_[slot % codes];
    if (group == kUnknown) {
      by_->ValuesOf(static_cast<uint32_t>(slot % codes), values_);
      group = TRY(groups_.GroupOf(values_));
    }
    groups_.Add(group, run.first_interval + static_cast<uint32_t>(slot / codes), sum);
  }
  tallies_.End();
  return {};
}

base::Status CodedMeasure::AddPage(const SelectedRows& selected, const Page& page,
                                   uint32_t first_interval) {
  const uint32_t codes = by_->code_count();
  const bool whole = selected.rows.HasAll(page.rows.first_row, page.rows.end());
  const bool of_one = page.first_interval == page.last_interval;
  if (whole && of_one && measured_ == MeasuredAs::kSpans && by_->counts_fast()) {
    const size_t first_slot = size_t{page.first_interval - first_interval} * codes;
    by_->Count(page.rows.first_row, page.rows.end(), tallies_.counts().subspan(first_slot, codes));
    return {};
  }
  TRY(FindSlots(selected, page, first_interval));
  CountRows(selected, page);
  return {};
}

base::Status CodedMeasure::FindSlots(const SelectedRows& selected, const Page& page,
                                     uint32_t first_interval) {
  slots_.resize(page.rows.rows);
  by_->Read(selected.rows, page.rows.first_row, slots_);
  const uint32_t codes = by_->code_count();
  if (page.first_interval == page.last_interval) {
    const uint32_t base = (page.first_interval - first_interval) * codes;
    if (base == 0) return {};
    for (uint32_t& slot : slots_) slot += base;
    return {};
  }
  const store::BlockFile::Cells starts =
      TRY(selected.group.CellsOfPage(store::Intrinsic::kStartUnixNano, page.rows.number));
  int64_t first = 0;  // of the interval of the row before, (first, last]
  int64_t last = -1;
  uint32_t base = 0;
  bool in_bounds = true;
  selected.rows.ForEach(page.rows.first_row, page.rows.end(), [&](size_t row) {
    const size_t of_page = row - page.rows.first_row;
    const int64_t start = starts->Int64(of_page);
    if (start <= first || start > last) {
      const size_t interval = axis_.IntervalOf(start);
      in_bounds = in_bounds && interval >= page.first_interval && interval <= page.last_interval;
      if (!in_bounds) return;
      last = axis_.right_edge(interval);
      first = last - axis_.step_ns();
      base = static_cast<uint32_t>(interval - first_interval) * codes;
    }
    slots_[of_page] += base;
  });
  return in_bounds ? base::Status() : WrongBounds();
}

void CodedMeasure::CountRows(const SelectedRows& selected, const Page& page) {
  const uint32_t first = page.rows.first_row;
  const std::span<const int64_t> numbers = numbers_.numbers();
  const auto count = [&](auto count_row) {
    selected.rows.ForEach(first, page.rows.end(), count_row);
  };
  switch (measured_) {
    case MeasuredAs::kSpans:
      return count([&](size_t row) { tallies_.Count(slots_[row - first]); });
    case MeasuredAs::kBuckets:
      return count([&](size_t row) { tallies_.CountBucket(slots_[row - first], numbers[row]); });
    case MeasuredAs::kTally:
      return count([&](size_t row) { tallies_.CountNumber(slots_[row - first], numbers[row]); });
  }
}

}  // namespace clew::query
