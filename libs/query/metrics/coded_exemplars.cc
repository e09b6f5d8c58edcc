// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/coded_exemplars.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "query/eval/block_fields.h"
#include "query/metrics/by_codes.h"
#include "query/metrics/coded_measure.h"
#include "query/metrics/measured_numbers.h"

namespace clew::query {
namespace {

constexpr uint32_t kKindsOfBuckets = 64;
// Of a span that no bucket takes.
constexpr uint32_t kNoKind = std::numeric_limits<uint32_t>::max();

// The exponent of a bucket of durations.
uint32_t KindOfBucket(double bound) {
  return static_cast<uint32_t>(std::lround(std::log2(bound * 1e9)));
}

// Finds the spans of some samples. Row groups are gone through by time, and pages that can have no
// earlier span of any sample than the one found are passed over, so that few are read. One thread.
class CodedExemplars {
 public:
  // Both outlive it.
  CodedExemplars(const ExemplarMeans& means, const MeasuredGroups& groups)
      : means_(means), groups_(groups), cancellation_(means.cancellation) {}

  // Row groups by the first start of their pages.
  base::Status Find(const std::vector<MeasuredRows>& all,
                    std::span<const ExemplarPicker::Place> chosen);
  const ExemplarPicker& found() const { return found_; }
  // Why some row groups could not be gone through.
  std::vector<base::Error>& errors() { return errors_; }

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
  const std::vector<size_t>& ChosenOf(size_t group) const;
  // By code, the chosen samples of its group; false when no code has any.
  bool FindCodes(const MeasuredRows& measured);
  // The same by slot, of those that the page may have spans of.
  bool FindSlots(const BlockRows::Page& page);
  void ForgetSlots();
  void FindCandidates(const RowSet& rows, const BlockRows::Page& page);
  base::Status FindEarliest(const SelectedRows& selected, const BlockRows::Page& page);
  uint32_t KindOf(size_t row) const;

  const ExemplarMeans& means_;
  const MeasuredGroups& groups_;
  Cancellation cancellation_;
  ExemplarPicker found_;
  std::vector<base::Error> errors_;
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
  std::vector<uint8_t> wanted_;  // by code: 1 when it has slots
  // Of the page in hand.
  std::vector<uint32_t> row_codes_;
  struct Candidate {
    uint32_t row, code;
  };
  std::vector<Candidate> candidates_;  // rows of wanted codes
};

bool CodedExemplars::MayShow(const Chosen& one, int64_t first, int64_t last) const {
  if (first > one.last || last <= one.after) return false;
  const int64_t earliest = std::max(first, one.after + 1);
  return groups_.exemplars().MayTake(one.place, earliest) && found_.MayTake(one.place, earliest);
}

base::Status CodedExemplars::Find(const std::vector<MeasuredRows>& all,
                                  std::span<const ExemplarPicker::Place> chosen) {
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
  for (const MeasuredRows& measured : all) {
    if (cancellation_.Look()) return QueryCancelled();
    const bool may = std::ranges::any_of(chosen_, [&](const Chosen& one) {
      return MayShow(one, measured.first_start, measured.last_start);
    });
    if (!may) continue;
    base::Status shown = ShowGroup(measured);
    if (!shown.ok()) errors_.push_back(std::move(shown).error());
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
  wanted_.assign(by_->code_count(), 0);
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

const std::vector<size_t>& CodedExemplars::ChosenOf(size_t group) const {
  static const std::vector<size_t> kNothing;
  return group < of_groups_.size() ? of_groups_[group] : kNothing;
}

bool CodedExemplars::FindCodes(const MeasuredRows& measured) {
  codes_.clear();
  for (uint32_t code = 0; code < by_->code_count(); ++code) {
    const std::vector<size_t>& chosen = ChosenOf(measured.groups_of_codes[code]);
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
      wanted_[of_code.code] = 1;
    }
  }
  return !used_slots_.empty();
}

void CodedExemplars::ForgetSlots() {
  for (const size_t slot : used_slots_) {
    slots_[slot] = kNone;
    wanted_[slot / kinds_] = 0;
  }
  used_slots_.clear();
}

uint32_t CodedExemplars::KindOf(size_t row) const {
  if (numbers_.exponents().empty()) return 0;
  const uint8_t exponent = numbers_.exponents()[row];
  if (exponent == 0) return kNoKind;
  return kinds_ == 1 ? 0 : exponent;
}

void CodedExemplars::FindCandidates(const RowSet& rows, const BlockRows::Page& page) {
  candidates_.resize(page.rows);
  size_t count = 0;
  // Without a branch, which would be guessed wrong again and again.
  const auto look = [&](uint32_t row, uint32_t code) {
    candidates_[count] = {row, code};
    count += wanted_[code];
  };
  if (by_->of_one_column() && rows.HasAll(page.first_row, page.end())) {
    by_->column().Visit([&](const auto& codes) {
      for (uint32_t row = page.first_row; row < page.end(); ++row) look(row, codes[row]);
    });
  } else {
    row_codes_.resize(page.rows);
    by_->Read(rows, page.first_row, row_codes_);
    rows.ForEach(page.first_row, page.end(), [&](size_t row) {
      look(static_cast<uint32_t>(row), row_codes_[row - page.first_row]);
    });
  }
  candidates_.resize(count);
}

base::Status CodedExemplars::FindEarliest(const SelectedRows& selected,
                                          const BlockRows::Page& page) {
  FindCandidates(selected.rows, page);
  if (candidates_.empty()) return {};
  const store::BlockFile::Cells starts =
      TRY(selected.group.CellsOfPage(store::Intrinsic::kStartUnixNano, page.number));
  for (const auto& [row, code] : candidates_) {
    const uint32_t kind = KindOf(row);
    if (kind == kNoKind) continue;
    const int64_t start = starts->Int64(row - page.first_row);
    for (size_t one = slots_[size_t{code} * kinds_ + kind]; one != kNone; one = chosen_[one].next) {
      Chosen& chosen = chosen_[one];
      if (start <= chosen.after || start > chosen.earliest) continue;
      if (start < chosen.earliest) chosen.rows.clear();
      chosen.earliest = start;
      chosen.rows.push_back(row);
    }
  }
  return {};
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
  return shown.ForEach(page.first_row, page.end(), cancellation_, [&](const SelectedSpan& span) {
    const ExemplarPicker::Place& place = places.at(span.at.row);
    return groups_.Show(span, place.interval, place.origin.group, found_);
  });
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

base::Status ShowCodedExemplars(const ExemplarMeans& means, std::vector<MeasuredRows> all,
                                std::vector<ExemplarPicker::Place> chosen, MeasuredGroups& groups) {
  std::ranges::sort(all, {}, [](const MeasuredRows& one) {
    return std::tuple(one.first_start, &one.block->description().id, one.group);
  });
  // Each thread looks for samples of a time of its own, which has few row groups in common with
  // those of others.
  std::ranges::sort(chosen, {}, &ExemplarPicker::Place::interval);
  std::vector<CodedExemplars> parts(WorkersOf(means.threads), CodedExemplars(means, groups));
  std::vector<base::Status> outcomes(parts.size());
  const size_t of_part = chosen.size() / parts.size() + 1;
  ForEachRange(means.threads, chosen.size(), of_part, [&](size_t first, size_t end) {
    const size_t part = first / of_part;
    outcomes[part] = parts[part].Find(all, std::span(chosen).subspan(first, end - first));
  });
  for (base::Status& outcome : outcomes) TRY(std::move(outcome));
  for (CodedExemplars& part : parts) {
    for (base::Error& error : part.errors()) TRY(LeftOut::Note(std::move(error), means.left_out));
    groups.Join(part.found());
  }
  return {};
}

}  // namespace clew::query
