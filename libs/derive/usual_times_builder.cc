// SPDX-License-Identifier: Apache-2.0
#include "derive/usual_times_builder.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <tuple>

#include "base/check.h"
#include "derive/limits.h"

namespace clew::derive {
namespace {

using ledger::GroupBy;
using ledger::Owner;
using Of = TimedThing::Of;

Of OfRows(GroupBy by) {
  CHECK(by != GroupBy::kAttribute);
  if (by == GroupBy::kService) return Of::kService;
  return by == GroupBy::kCategory ? Of::kCategory : Of::kOperation;
}

size_t Mixed(size_t hash, uint32_t code) {
  hash = (hash ^ code) * 0x9e3779b97f4a7c15;
  return hash ^ hash >> 32;
}

}  // namespace

bool NamesNoParent(const ledger::Span& span) {
  return span.parent == ledger::kNone && span.missing_parent == ledger::kNone;
}

std::string KeptText(std::string_view text) {
  return std::string(text.substr(0, kMaxTextBytes));
}

RootOperation RootOperationOf(const ledger::Operation& root, const ledger::Names& names) {
  return {.service = KeptText(names.text(root.service)), .name = KeptText(names.text(root.name))};
}

TimedThing RowThing(const Owner& owner, GroupBy by, const ledger::Names& names) {
  return {.of = OfRows(by),
          .kind = static_cast<uint8_t>(owner.category),
          .service = KeptText(names.text(owner.service)),
          .operation = KeptText(names.text(owner.operation)),
          .peer = KeptText(names.text(owner.peer))};
}

TimedThing SpanThing(const ledger::Span& span, const ledger::Names& names) {
  return {.of = Of::kSpan,
          .kind = static_cast<uint8_t>(span.kind),
          .service = KeptText(names.text(span.service)),
          .operation = KeptText(names.text(span.operation))};
}

size_t UsualTimesBuilder::HashOf::operator()(const Thing& thing) const {
  size_t hash = static_cast<size_t>(thing.of) << 8 | thing.kind;
  for (const uint32_t code : {thing.root, thing.service, thing.operation, thing.peer}) {
    hash = Mixed(hash, code);
  }
  return hash;
}

size_t UsualTimesBuilder::HashOf::operator()(const ledger::Operation& operation) const {
  return Mixed(Mixed(0, operation.service), operation.name);
}

uint32_t UsualTimesBuilder::RootFor(const ledger::Operation& operation) {
  const auto [known, is_new] =
      root_of_.try_emplace(operation, static_cast<uint32_t>(roots_.size()));
  if (is_new) roots_.push_back({.operation = operation});
  return known->second;
}

void UsualTimesBuilder::Add(const ledger::Trace& trace, const ledger::TraceLedger& ledger,
                            int64_t start_unix_nano) {
  if (ledger.accounts.empty() || ledger.accounts.front().root == ledger::kNone) return;
  const ledger::Account& account = ledger.accounts.front();
  const ledger::Span& top = trace.spans[account.root];
  if (!NamesNoParent(top)) return;
  const uint32_t index = RootFor({.service = top.service, .name = top.operation});
  Root& root = roots_[index];
  root.durations.Add(account.nanos());
  const auto start =
      static_cast<int64_t>(static_cast<uint64_t>(start_unix_nano) + account.start_ns);
  root.first_start_unix_nano = std::min(root.first_start_unix_nano, start);
  root.last_start_unix_nano = std::max(root.last_start_unix_nano, start);
  AddRows(index, trace, ledger);
  for (const ledger::Span& span : trace.spans) {
    const Thing thing{.root = index,
                      .of = Of::kSpan,
                      .kind = static_cast<uint8_t>(span.kind),
                      .service = span.service,
                      .operation = span.operation};
    things_[thing].Add(std::max(span.start_ns, span.end_ns) - span.start_ns);
  }
}

void UsualTimesBuilder::AddRows(uint32_t root, const ledger::Trace& trace,
                                const ledger::TraceLedger& ledger) {
  rows_.clear();
  for (const ledger::Segment& segment : ledger.SegmentsOf(ledger.accounts.front())) {
    rows_.emplace_back(RowOwnerOf(trace, segment, GroupBy::kOperation), segment.nanos());
  }
  AddUp(rows_);
  for (const auto& [owner, nanos] : rows_) AddRow(root, Of::kOperation, owner, nanos);
  for (const GroupBy by : {GroupBy::kService, GroupBy::kCategory}) {
    groups_.clear();
    for (const auto& [owner, nanos] : rows_) groups_.emplace_back(Grouped(owner, by), nanos);
    AddUp(groups_);
    for (const auto& [owner, nanos] : groups_) AddRow(root, OfRows(by), owner, nanos);
  }
}

void UsualTimesBuilder::AddRow(uint32_t root, Of of, const Owner& owner, uint64_t nanos) {
  if (nanos == 0) return;
  const Thing thing{.root = root,
                    .of = of,
                    .kind = static_cast<uint8_t>(owner.category),
                    .service = owner.service,
                    .operation = owner.operation,
                    .peer = owner.peer};
  things_[thing].Add(nanos);
}

TimedThing UsualTimesBuilder::TextsOf(const Thing& thing, const ledger::Names& names) {
  return {.of = thing.of,
          .kind = thing.kind,
          .service = KeptText(names.text(thing.service)),
          .operation = KeptText(names.text(thing.operation)),
          .peer = KeptText(names.text(thing.peer))};
}

namespace {

// The places of texts among all of them, as they are kept, by code: equal ones have the same.
std::vector<uint32_t> RanksOf(const ledger::Names& names) {
  const auto kept = [&](uint32_t code) {
    return std::string_view(names.text(code)).substr(0, kMaxTextBytes);
  };
  std::vector<uint32_t> codes(names.size());
  std::iota(codes.begin(), codes.end(), 0u);
  std::ranges::sort(codes, {}, kept);
  std::vector<uint32_t> ranks(codes.size());
  for (size_t i = 1; i < codes.size(); ++i) {
    ranks[codes[i]] = ranks[codes[i - 1]] + (kept(codes[i]) == kept(codes[i - 1]) ? 0 : 1);
  }
  return ranks;
}

}  // namespace

// In the order of their texts, so that a map of texts takes each at its end.
std::vector<UsualTimesBuilder::Things::value_type*> UsualTimesBuilder::InOrder(
    const ledger::Names& names) {
  const std::vector<uint32_t> ranks = RanksOf(names);
  std::vector<Things::value_type*> ordered;
  ordered.reserve(things_.size());
  for (auto& thing : things_) ordered.push_back(&thing);
  std::ranges::sort(ordered, {}, [&](const Things::value_type* entry) {
    const Thing& thing = entry->first;
    return std::tuple(thing.root, thing.of, thing.kind, ranks[thing.service],
                      ranks[thing.operation], ranks[thing.peer]);
  });
  return ordered;
}

void UsualTimesBuilder::MoveTo(UsualTimes& times, const ledger::Names& names) {
  std::vector<OperationTimes> operations;
  operations.reserve(roots_.size());
  for (Root& root : roots_) {
    operations.push_back({.durations = std::move(root.durations),
                          .first_start_unix_nano = root.first_start_unix_nano,
                          .last_start_unix_nano = root.last_start_unix_nano});
  }
  for (Things::value_type* const entry : InOrder(names)) {
    auto& things = operations[entry->first.root].things;
    const size_t before = things.size();
    const auto place =
        things.try_emplace(things.end(), TextsOf(entry->first, names), std::move(entry->second));
    // Texts may be equal where codes were not, when they are cut.
    if (things.size() == before) place->second.Merge(entry->second);
  }
  for (size_t i = 0; i < roots_.size(); ++i) {
    times.Add(RootOperationOf(roots_[i].operation, names), std::move(operations[i]));
  }
  roots_.clear();
  root_of_.clear();
  things_.clear();
}

}  // namespace clew::derive
