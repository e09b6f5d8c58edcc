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

// One row for each owner, in the order of time, and which segment is of which.
Rows Group(const Trace& trace, std::span<const Segment> segments, GroupBy by) {
  Rows rows;
  rows.row_of_segment.reserve(segments.size());
  std::unordered_map<Owner, uint32_t, OwnerHash> known;
  std::vector<uint64_t> longest;  // ambiguous segment, by row
  for (const Segment& segment : segments) {
    const Owner owner = Grouped(OwnerOf(trace, segment), by);
    const auto [found, is_new] = known.try_emplace(owner, static_cast<uint32_t>(rows.rows.size()));
    if (is_new) {
      rows.rows.push_back({.owner = owner});
      longest.push_back(0);
    }
    Row& row = rows.rows[found->second];
    row.nanos += segment.nanos();
    rows.nanos += segment.nanos();
    rows.row_of_segment.push_back(found->second);
    if (!segment.ambiguous()) continue;
    row.ambiguous_nanos += segment.nanos();
    if (segment.nanos() <= longest[found->second]) continue;
    longest[found->second] = segment.nanos();
    row.parallel_with = segment.parallel_with;
  }
  return rows;
}

void OrderByNanos(Rows& rows) {
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
}

// What a row has of something, by number.
struct Part {
  uint32_t row = 0;
  uint32_t number = 0;
  uint64_t nanos = 0;
};

// By row and number, each once.
std::vector<Part> PartsOf(const Rows& rows, std::span<const Segment> segments,
                          uint32_t Segment::* number) {
  std::vector<Part> parts;
  parts.reserve(segments.size());
  for (size_t i = 0; i < segments.size(); ++i) {
    parts.push_back({rows.row_of_segment[i], segments[i].*number, segments[i].nanos()});
  }
  std::ranges::sort(parts, {}, [](const Part& part) { return std::pair(part.row, part.number); });
  size_t kept = 0;
  for (size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].row == parts[kept].row && parts[i].number == parts[kept].number) {
      parts[kept].nanos += parts[i].nanos;
    } else {
      parts[++kept] = parts[i];
    }
  }
  if (!parts.empty()) parts.resize(kept + 1);
  return parts;
}

void AddSpans(std::vector<Part> parts, Rows& rows) {
  std::ranges::sort(parts, {}, [](const Part& part) {
    return std::tuple(part.row, UINT64_MAX - part.nanos, part.number);
  });
  for (const Part& part : parts) {
    Row& row = rows.rows[part.row];
    if (row.span_count++ == 0) row.first_span = static_cast<uint32_t>(rows.spans.size());
    rows.spans.push_back({.span = part.number, .nanos = part.nanos});
  }
}

void AddDrag(std::span<const Part> parts, std::span<const Limit> limits, Rows& rows) {
  Drag drag(limits);
  std::vector<LimitedTime> times;
  for (size_t i = 0; i < parts.size(); ++i) {
    times.push_back({.limit = parts[i].number, .nanos = parts[i].nanos});
    if (i + 1 < parts.size() && parts[i + 1].row == parts[i].row) continue;
    const Drag::Answer answer = drag.Of(times);
    Row& row = rows.rows[parts[i].row];
    row.drag_nanos = answer.nanos;
    if (answer.limit != kNone) row.rival = limits[answer.limit].rival;
    times.clear();
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

Rows RowsOf(const Trace& trace, const TraceLedger& ledger, const Account& account, GroupBy by) {
  const std::span<const Segment> segments = ledger.SegmentsOf(account);
  Rows rows = Group(trace, segments, by);
  OrderByNanos(rows);
  AddSpans(PartsOf(rows, segments, &Segment::span), rows);
  AddDrag(PartsOf(rows, segments, &Segment::limit), ledger.limits, rows);
  std::vector<uint64_t> amounts;
  amounts.reserve(rows.rows.size());
  for (const Row& row : rows.rows) amounts.push_back(row.nanos);
  const std::vector<uint32_t> shares = SharesOf(amounts);
  for (size_t i = 0; i < shares.size(); ++i) rows.rows[i].share = shares[i];
  return rows;
}

}  // namespace clew::ledger
