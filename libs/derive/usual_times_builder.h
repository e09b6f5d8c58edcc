// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "derive/usual_times.h"
#include "ledger/compare/trace_summary.h"
#include "ledger/ledger.h"

namespace clew::derive {

// A text as it is kept: no longer than kMaxTextBytes.
std::string KeptText(std::string_view text);
// The span is a root for sure.
bool NamesNoParent(const ledger::Span& span);
RootOperation RootOperationOf(const ledger::Operation& root, const ledger::Names& names);
// REQUIRES: not by an attribute
TimedThing RowThing(const ledger::Owner& owner, ledger::GroupBy by, const ledger::Names& names);
TimedThing SpanThing(const ledger::Span& span, const ledger::Names& names);

// Adds up traces whose texts are codes of one Names, by these codes: a text is not looked at
// again for each span. One thread.
class UsualTimesBuilder {
 public:
  // Counts the trace, unless its root was not received, or names a parent that was not: then it is
  // of no kind.
  // `start_unix_nano`: from where its times count.
  void Add(const ledger::Trace& trace, const ledger::TraceLedger& ledger, int64_t start_unix_nano);
  // Adds all of it to `times`, which may have to be trimmed then, and begins anew.
  void MoveTo(UsualTimes& times, const ledger::Names& names);
  // How many times it keeps.
  size_t size() const { return roots_.size() + things_.size(); }

 private:
  struct Root {
    ledger::Operation operation;
    ledger::TimeSketch durations{};
    int64_t first_start_unix_nano = INT64_MAX, last_start_unix_nano = INT64_MIN;
  };
  struct Thing {
    uint32_t root = 0;
    TimedThing::Of of = TimedThing::Of::kOperation;
    uint8_t kind = 0;
    uint32_t service = 0, operation = 0, peer = 0;
    bool operator==(const Thing&) const = default;
  };
  struct HashOf {
    size_t operator()(const Thing& thing) const;
    size_t operator()(const ledger::Operation& operation) const;
  };

  uint32_t RootFor(const ledger::Operation& operation);
  void AddRows(uint32_t root, const ledger::Trace& trace, const ledger::TraceLedger& ledger);
  void AddRow(uint32_t root, TimedThing::Of of, const ledger::Owner& owner, uint64_t nanos);
  using Things = std::unordered_map<Thing, ledger::TimeSketch, HashOf>;
  std::vector<Things::value_type*> InOrder(const ledger::Names& names);
  static TimedThing TextsOf(const Thing& thing, const ledger::Names& names);

  std::vector<Root> roots_;
  std::unordered_map<ledger::Operation, uint32_t, HashOf> root_of_;
  Things things_;
  ledger::OwnerTimes rows_, groups_;  // of the trace in hand
};

}  // namespace clew::derive
