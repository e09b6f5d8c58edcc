// SPDX-License-Identifier: Apache-2.0
#include "derive/usual_ledger.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/stable_sort.h"
#include "derive/usual_times_builder.h"
#include "ledger/shares.h"

namespace clew::derive {
namespace {

using ledger::GroupBy;
using ledger::Owner;
using ledger::Row;
using ledger::TimeSketch;
using ledger::Usual;

constexpr double kMedian = 0.5;
constexpr double kHigh = 0.95;
constexpr double kCappedAt = 0.9;
constexpr uint32_t kHighInThousand = 950;
constexpr uint64_t kLeastGrowthNanos = 50'000;
constexpr uint64_t kLeastGrowthParts = 20;  // one of so many parts of the usual trace
constexpr uint32_t kLeastGoneShare = 5;

uint64_t Rounded(double nanos) {
  return static_cast<uint64_t>(std::llround(nanos));
}

// A row of the usual trace.
struct UsualRow {
  const TimedThing* thing = nullptr;
  TimeSketch times;
  Usual::OfRow usual{};
};

std::vector<UsualRow> UsualRows(const OperationTimes& times, TimedThing::Of of, uint64_t whole) {
  std::vector<UsualRow> rows;
  std::vector<uint64_t> means;
  double total = 0;
  for (const auto& [thing, sketch] : times.things) {
    if (thing.of != of) continue;
    UsualRow row{.thing = &thing, .times = times.OfRow(thing)};
    means.push_back(Rounded(row.times.MeanUpTo(kCappedAt)));
    total += static_cast<double>(means.back());
    row.usual.median_nanos = Rounded(row.times.Quantile(kMedian));
    row.usual.p95_nanos = Rounded(row.times.Quantile(kHigh));
    row.usual.trace_count = row.times.count() - row.times.absent();
    rows.push_back(std::move(row));
  }
  const std::vector<uint32_t> shares = ledger::SharesOf(means);
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].usual.share = shares[i];
    if (total > 0) {
      rows[i].usual.nanos =
          Rounded(static_cast<double>(means[i]) / total * static_cast<double>(whole));
    }
  }
  return rows;
}

void Judge(const Row& row, const TimeSketch& times, uint64_t whole, Usual::OfRow& usual) {
  usual.slower_than = SlowerThan(times, row.nanos);
  const uint64_t least = usual.nanos + std::max(kLeastGrowthNanos, whole / kLeastGrowthParts);
  usual.within = usual.slower_than < kHighInThousand || row.nanos < least;
}

Owner OwnerOf(const TimedThing& thing, ledger::Names& names) {
  return {.service = names.CodeOf(thing.service),
          .operation = names.CodeOf(thing.operation),
          .peer = names.CodeOf(thing.peer),
          .category = static_cast<ledger::Category>(thing.kind)};
}

// Nearly every trace has it.
bool IsAlwaysThere(const UsualRow& row) {
  return row.usual.share >= kLeastGoneShare && row.times.Quantile(1 - kHigh) > 0;
}

}  // namespace

uint32_t SlowerThan(const TimeSketch& times, uint64_t nanos) {
  if (times.count() == 0) return 0;
  return static_cast<uint32_t>(static_cast<double>(times.CountBelow(nanos)) * 1000 /
                               static_cast<double>(times.count()));
}

Usual UsualOf(const OperationTimes& times, const ComparedTrace& trace, ledger::Names& names) {
  Usual usual{.nanos = Rounded(times.durations.Quantile(kMedian)),
              .trace_count = static_cast<uint32_t>(std::min<uint64_t>(times.traces(), UINT32_MAX)),
              .reference = {}};
  usual.p95_nanos = Rounded(times.durations.Quantile(kHigh));
  usual.slower_than = SlowerThan(times.durations, trace.rows.nanos);
  if (trace.by == GroupBy::kAttribute) return usual;
  const TimedThing::Of of = RowThing({}, trace.by, names).of;
  std::vector<UsualRow> known = UsualRows(times, of, usual.nanos);
  std::vector<bool> has(known.size());
  TimeSketch never;
  never.AddAbsent(times.traces());
  for (const Row& row : trace.rows.rows) {
    const TimedThing thing = RowThing(row.owner, trace.by, names);
    const auto found = std::ranges::lower_bound(
        known, thing, {},
        [](const UsualRow& row_of) -> const TimedThing& { return *row_of.thing; });
    const bool is_known = found != known.end() && *found->thing == thing;
    if (is_known) has[static_cast<size_t>(found - known.begin())] = true;
    Usual::OfRow of_row = is_known ? found->usual : Usual::OfRow();
    Judge(row, is_known ? found->times : never, usual.nanos, of_row);
    usual.rows.push_back(of_row);
  }
  for (size_t i = 0; i < known.size(); ++i) {
    if (has[i] || !IsAlwaysThere(known[i])) continue;
    usual.gone.push_back({.owner = OwnerOf(*known[i].thing, names), .usual = known[i].usual});
  }
  base::StableSort(usual.gone, [](const Usual::Gone& left, const Usual::Gone& right) {
    return left.usual.nanos > right.usual.nanos;
  });
  return usual;
}

}  // namespace clew::derive
