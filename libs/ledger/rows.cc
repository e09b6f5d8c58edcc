// SPDX-License-Identifier: Apache-2.0
#include "ledger/rows.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/stable_sort.h"
#include "ledger/drag.h"
#include "ledger/shares.h"

namespace clew::ledger {
namespace {

struct OwnerHash {
  size_t operator()(const Owner& owner) const {
    uint64_t hash = static_cast<uint64_t>(owner.category);
    for (const uint32_t code : {owner.service, owner.operation, owner.peer, owner.group}) {
      hash = (hash ^ code) * 0x9e3779b97f4a7c15;
      hash ^= hash >> 32;
    }
    return hash;
  }
};

// What a row has of something, by number.
struct Part {
  uint32_t row = 0;
  uint32_t number = 0;
  uint64_t nanos = 0;
};

// Deals segments to rows, one for each owner, in the order of time.
class Grouping {
 public:
  Grouping(const Trace& trace, GroupBy by) : trace_(trace), by_(by), first_(trace.spans.size()) {}

  void Add(const Segment& segment) {
    const uint32_t index = RowOf(segment);
    Row& row = rows_.rows[index];
    row.nanos += segment.nanos();
    rows_.nanos += segment.nanos();
    rows_.row_of_segment.push_back(index);
    if (!segment.ambiguous()) return;
    row.ambiguous_nanos += segment.nanos();
    if (segment.nanos() <= longest_[index]) return;
    longest_[index] = segment.nanos();
    row.parallel_with = segment.parallel_with;
  }

  // What each span has in each row, by span in the first place; each once.
  std::vector<Part> Spans() && {
    std::vector<Part> spans;
    for (uint32_t span = 0; span < first_.size(); ++span) {
      if (first_[span].row != kNone) spans.push_back({first_[span].row, span, first_[span].nanos});
    }
    std::ranges::sort(others_, {},
                      [](const Part& part) { return std::pair(part.row, part.number); });
    const size_t own = spans.size();
    for (const Part& part : others_) {
      const bool known =
          spans.size() > own && spans.back().row == part.row && spans.back().number == part.number;
      if (known) {
        spans.back().nanos += part.nanos;
      } else {
        spans.push_back(part);
      }
    }
    return spans;
  }
  Rows TakeRows() { return std::move(rows_); }

 private:
  // Nearly all spans own time of one category only, so that their row need not be looked up.
  struct First {
    uint32_t row = kNone;
    Category category = Category::kSelf;
    uint64_t nanos = 0;
  };

  uint32_t RowOf(const Segment& segment) {
    First& first = first_[segment.span];
    if (first.row != kNone && first.category == segment.category) {
      first.nanos += segment.nanos();
      return first.row;
    }
    const uint32_t row = Find(RowOwnerOf(trace_, segment, by_));
    if (first.row == kNone) {
      first = {row, segment.category, segment.nanos()};
    } else if (!others_.empty() && others_.back().row == row &&
               others_.back().number == segment.span) {
      others_.back().nanos += segment.nanos();
    } else {
      others_.push_back({row, segment.span, segment.nanos()});
    }
    return row;
  }

  uint32_t Find(const Owner& owner) {
    const auto [found, is_new] =
        known_.try_emplace(owner, static_cast<uint32_t>(rows_.rows.size()));
    if (is_new) {
      rows_.rows.push_back({.owner = owner});
      longest_.push_back(0);
    }
    return found->second;
  }

  const Trace& trace_;
  const GroupBy by_;
  Rows rows_;
  std::unordered_map<Owner, uint32_t, OwnerHash> known_;
  std::vector<uint64_t> longest_;  // ambiguous segment, by row
  std::vector<First> first_;       // by span
  std::vector<Part> others_;       // of spans with time of a second category
};

// Orders the rows; the answer is the new place of each.
std::vector<uint32_t> OrderByNanos(Rows& rows) {
  std::vector<uint32_t> order(rows.rows.size()), places(rows.rows.size());
  std::iota(order.begin(), order.end(), 0u);
  base::StableSort(order, [&](uint32_t left, uint32_t right) {
    return rows.rows[left].nanos > rows.rows[right].nanos;
  });
  std::vector<Row> ordered;
  ordered.reserve(order.size());
  for (const uint32_t row : order) {
    places[row] = static_cast<uint32_t>(ordered.size());
    ordered.push_back(rows.rows[row]);
  }
  rows.rows = std::move(ordered);
  for (uint32_t& row : rows.row_of_segment) row = places[row];
  return places;
}

// Where in a list ordered by row each row begins, and its end.
std::vector<uint32_t> Begins(size_t row_count, const std::vector<uint32_t>& row_of_each) {
  std::vector<uint32_t> begins(row_count + 1);
  for (const uint32_t each : row_of_each) ++begins[each + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  return begins;
}

void AddSpans(const std::vector<Part>& parts, const std::vector<uint32_t>& places, Rows& rows) {
  std::vector<uint32_t> row_of_part;
  row_of_part.reserve(parts.size());
  for (const Part& part : parts) row_of_part.push_back(places[part.row]);
  const std::vector<uint32_t> begins = Begins(rows.rows.size(), row_of_part);
  std::vector<uint32_t> next = begins;
  rows.spans.resize(parts.size());
  for (size_t i = 0; i < parts.size(); ++i) {
    rows.spans[next[row_of_part[i]]++] = {.span = parts[i].number, .nanos = parts[i].nanos};
  }
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    Row& row = rows.rows[i];
    row.first_span = begins[i];
    row.span_count = begins[i + 1] - begins[i];
    const auto first = rows.spans.begin() + begins[i];
    const uint32_t ordered = std::min(row.span_count, Rows::kOrderedSpans);
    std::partial_sort(first, first + ordered, rows.spans.begin() + begins[i + 1],
                      [](const RowSpan& left, const RowSpan& right) {
                        return std::pair(right.nanos, left.span) <
                               std::pair(left.nanos, right.span);
                      });
  }
}

void AddDrag(std::span<const Segment> segments, std::span<const Limit> limits, Rows& rows) {
  const std::vector<uint32_t> begins = Begins(rows.rows.size(), rows.row_of_segment);
  std::vector<uint32_t> next = begins;
  std::vector<LimitedTime> times(segments.size());
  for (size_t i = 0; i < segments.size(); ++i) {
    times[next[rows.row_of_segment[i]]++] = {.limit = segments[i].limit,
                                             .nanos = segments[i].nanos()};
  }
  Drag drag(limits);
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    const Drag::Answer answer =
        drag.Of(std::span(times).subspan(begins[i], begins[i + 1] - begins[i]));
    rows.rows[i].drag_nanos = answer.nanos;
    if (answer.limit != kNone) rows.rows[i].rival = limits[answer.limit].rival;
  }
}

}  // namespace

Owner Grouped(const Owner& owner, GroupBy by) {
  switch (by) {
    case GroupBy::kOperation:
      return {.service = owner.service,
              .operation = owner.operation,
              .peer = owner.peer,
              .category = owner.category};
    case GroupBy::kService:
      return {.service = owner.service};
    case GroupBy::kCategory:
      return {.category = owner.category};
    case GroupBy::kAttribute:
      break;
  }
  return {.group = owner.group};
}

Owner RowOwnerOf(const Trace& trace, const Segment& segment, GroupBy by) {
  Owner owner = Grouped(OwnerOf(trace, segment), by);
  if (segment.category == Category::kNetwork) owner.operation = Names::kEmpty;
  return owner;
}

Rows RowsOf(const Trace& trace, const TraceLedger& ledger, const Account& account, GroupBy by) {
  const std::span<const Segment> segments = ledger.SegmentsOf(account);
  Grouping grouping(trace, by);
  for (const Segment& segment : segments) grouping.Add(segment);
  Rows rows = grouping.TakeRows();
  const std::vector<uint32_t> places = OrderByNanos(rows);
  AddSpans(std::move(grouping).Spans(), places, rows);
  AddDrag(segments, ledger.limits, rows);
  std::vector<uint64_t> amounts;
  amounts.reserve(rows.rows.size());
  for (const Row& row : rows.rows) amounts.push_back(row.nanos);
  const std::vector<uint32_t> shares = SharesOf(amounts);
  for (size_t i = 0; i < shares.size(); ++i) rows.rows[i].share = shares[i];
  return rows;
}

}  // namespace clew::ledger
