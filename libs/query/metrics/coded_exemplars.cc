// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/coded_exemplars.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "query/eval/block_fields.h"
#include "query/metrics/coded_measure.h"

namespace clew::query {
namespace {

constexpr uint32_t kKindsOfBuckets = 64;
// Of a span that no bucket takes.
constexpr uint32_t kNoKind = std::numeric_limits<uint32_t>::max();

// The exponent of a bucket of durations.
uint32_t KindOfBucket(double bound) {
  return static_cast<uint32_t>(std::lround(std::log2(bound * 1e9)));
}

}  // namespace

base::Result<MeasuredRows> MeasuredRows::Of(const SelectedRows& selected) {
  MeasuredRows measured{.block = &selected.block, .group = selected.group.number()};
  if (!selected.rows.HasAll(0, selected.rows.size())) measured.rows = selected.rows;
  for (const BlockRows::Page& page : *TRY(selected.group.Pages())) {
    if (!selected.rows.Next(page.first_row, page.end())) continue;
    measured.first_start = std::min(measured.first_start, page.first_start);
    measured.last_start = std::max(measured.last_start, page.last_start);
  }
  return measured;
}

bool CodedExemplars::MayShow(const Chosen& one, int64_t first, int64_t last) const {
  if (first > one.last || last <= one.after) return false;
  return groups_.exemplars().MayTake(one.place, std::max(first, one.after + 1));
}

base::Status CodedExemplars::Show(std::vector<MeasuredRows> all,
                                  const std::vector<ExemplarPicker::Place>& chosen) {
  const bool buckets = means_.aggregate.function == traceql::MetricsFunction::kHistogramOverTime;
  kinds_ = buckets ? kKindsOfBuckets : 1;
  for (const ExemplarPicker::Place& place : chosen) {
    const int64_t last = means_.axis.right_edge(place.interval);
    const size_t group = place.origin.group;
    if (group >= of_groups_.size()) of_groups_.resize(group + 1);
    of_groups_[group].push_back(chosen_.size());
    chosen_.push_back({.place = place,
                       .after = last - means_.axis.step_ns(),
                       .last = last,
                       .kind = buckets ? KindOfBucket(place.origin.bucket) : 0});
  }
  std::ranges::sort(all, {}, [](const MeasuredRows& one) {
    return std::tuple(one.first_start, &one.block->description().id, one.group);
  });
  for (const MeasuredRows& measured : all) {
    if (means_.cancellation.Look()) return QueryCancelled();
    const bool may = std::ranges::any_of(chosen_, [&](const Chosen& one) {
      return MayShow(one, measured.first_start, measured.last_start);
    });
    if (may) TRY(LeftOut::Note(ShowGroup(measured), means_.left_out));
  }
  return {};
}

base::Status CodedExemplars::ShowGroup(const MeasuredRows& measured) {
  static constexpr TimeRange kAll;
  const store::Block::Spans spans = TRY(measured.block->OpenSpans());
  std::optional<BlockRows> group = TRY(BlockRows::Open(spans, measured.group, kAll));
  by_ = TRY(ByCodes::Of(means_.aggregate.by, *group));
  if (!by_ || !TRY(numbers_.Find(means_.aggregate, *group)) || !FindCodes(measured)) return {};
  slots_.assign(size_t{by_->code_count()} * kinds_, kNone);
  BlockFields columns(*group);
  FieldSet fields(columns, means_.regexes);
  const RowSet rows = measured.rows ? *measured.rows : RowSet::All(group->size());
  for (const BlockRows::Page& page : *TRY(group->Pages())) {
    if (!FindSlots(page)) continue;
    TRY(ShowPage({*measured.block, *group, fields, rows}, page));
    ForgetSlots();
  }
  return {};
}

const std::vector<size_t>& CodedExemplars::ChosenOf(const MeasuredRows& measured, uint32_t code) {
  static const std::vector<size_t> kNothing;
  size_t group = CodedMeasure::kNoGroup;
  if (!measured.groups_of_codes.empty()) {
    group = measured.groups_of_codes[code];
  } else {
    by_->ValuesOf(code, values_);
    group = groups_.Find(values_).value_or(group);
  }
  return group < of_groups_.size() ? of_groups_[group] : kNothing;
}

bool CodedExemplars::FindCodes(const MeasuredRows& measured) {
  codes_.clear();
  for (uint32_t code = 0; code < by_->code_count(); ++code) {
    const std::vector<size_t>& chosen = ChosenOf(measured, code);
    const bool may = std::ranges::any_of(chosen, [&](size_t one) {
      return MayShow(chosen_[one], measured.first_start, measured.last_start);
    });
    if (may) codes_.push_back({code, &chosen});
  }
  return !codes_.empty();
}

bool CodedExemplars::FindSlots(const BlockRows::Page& page) {
  for (const OfCode& of_code : codes_) {
    for (const size_t one : *of_code.chosen) {
      Chosen& chosen = chosen_[one];
      if (!MayShow(chosen, page.first_start, page.last_start)) continue;
      const size_t slot = size_t{of_code.code} * kinds_ + chosen.kind;
      chosen.next = std::exchange(slots_[slot], one);
      chosen.earliest = chosen.last;
      chosen.rows.clear();
      used_slots_.push_back(slot);
    }
  }
  return !used_slots_.empty();
}

void CodedExemplars::ForgetSlots() {
  for (const size_t slot : used_slots_) slots_[slot] = kNone;
  used_slots_.clear();
}

uint32_t CodedExemplars::KindOf(size_t row) const {
  if (numbers_.exponents().empty()) return 0;
  const uint8_t exponent = numbers_.exponents()[row];
  if (exponent == 0) return kNoKind;
  return kinds_ == 1 ? 0 : exponent;
}

base::Status CodedExemplars::FindEarliest(const SelectedRows& selected,
                                          const BlockRows::Page& page) {
  row_codes_.resize(page.rows);
  by_->Read(selected.rows, page.first_row, row_codes_);
  store::BlockFile::Cells starts;
  base::Status status;
  selected.rows.ForEach(page.first_row, page.end(), [&](size_t row) {
    const size_t first_slot = size_t{row_codes_[row - page.first_row]} * kinds_;
    if (kinds_ == 1 && slots_[first_slot] == kNone) return;
    const uint32_t kind = KindOf(row);
    if (kind == kNoKind || slots_[first_slot + kind] == kNone || !status.ok()) return;
    if (starts == nullptr) {
      auto read = selected.group.CellsOfPage(store::Intrinsic::kStartUnixNano, page.number);
      if (!read.ok()) {
        status = std::move(read).error();
        return;
      }
      starts = std::move(read).value();
    }
    const int64_t start = starts->Int64(row - page.first_row);
    for (size_t one = slots_[first_slot + kind]; one != kNone; one = chosen_[one].next) {
      Chosen& chosen = chosen_[one];
      if (start <= chosen.after || start > chosen.earliest) continue;
      if (start < chosen.earliest) chosen.rows.clear();
      chosen.earliest = start;
      chosen.rows.push_back(row);
    }
  });
  return status;
}

base::Status CodedExemplars::ShowPage(const SelectedRows& selected, const BlockRows::Page& page) {
  TRY(FindEarliest(selected, page));
  RowSet earliest(selected.rows.size());
  std::unordered_map<size_t, ExemplarPicker::Place> places;  // by row; its bucket is the row's
  for (const OfCode& of_code : codes_) {
    for (const size_t one : *of_code.chosen) {
      for (const size_t row : chosen_[one].rows) {
        earliest.Add(row);
        places.emplace(row, chosen_[one].place);
      }
      chosen_[one].rows.clear();
    }
  }
  const SelectedRows shown{selected.block, selected.group, selected.fields, earliest};
  return shown.ForEach(page.first_row, page.end(), means_.cancellation,
                       [&](const SelectedSpan& span) {
                         const ExemplarPicker::Place& place = places.at(span.at.row);
                         return groups_.Show(span, place.interval, place.origin.group);
                       });
}

}  // namespace clew::query
