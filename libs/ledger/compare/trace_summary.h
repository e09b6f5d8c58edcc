// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <utility>
#include <vector>

#include "ledger/ledger.h"
#include "ledger/rows.h"
#include "ledger/trace.h"

namespace clew::ledger {

// An operation of a service, as codes of Names.
struct Operation {
  uint32_t service = Names::kEmpty;
  uint32_t name = Names::kEmpty;
  auto operator<=>(const Operation&) const = default;
};

// What time is compared by: of a service its own time, the way to it from one caller, and so on.
// Operations are told apart below it, by rows.
struct Part {
  uint32_t service = Names::kEmpty;  // of the network the callee
  uint32_t peer = Names::kEmpty;     // of the network the caller; of a callee its name
  Category category = Category::kSelf;
  auto operator<=>(const Part&) const = default;
};

// Requests of one kind: they begin with the same operation, and the service it belongs to calls
// the same others. Only such are compared.
struct RequestKind {
  Operation root;
  std::vector<Operation> calls{};  // ascending, each once
  auto operator<=>(const RequestKind&) const = default;
};

// One stay of a request in a service: from the span by which it came in to where it goes on.
struct Visit {
  Operation entry;
  // What happens in it: operations of the same service, and those it calls; ascending, each once.
  std::vector<Operation> steps{};
  Operation last_call{};  // the one that ends last of those it calls; empty when it calls none
  bool failed = false;    // an error began here: none that it called had one
  auto operator<=>(const Visit&) const = default;
};

// Times by whom they belong to.
using OwnerTimes = std::vector<std::pair<Owner, uint64_t>>;
// Orders them by owner and adds up what belongs to the same one.
void AddUp(OwnerTimes& times);
// Of one account; ascending, each once, without those of no time.
OwnerTimes OwnerTimesOf(const Trace& trace, const TraceLedger& ledger, const Account& account,
                        GroupBy by);

// What a comparison of many traces asks of one.
struct TraceSummary {
  uint64_t started_ns = 0;  // of the epoch
  uint64_t nanos = 0;       // of the root; the sum of the rows
  RequestKind kind;
  OwnerTimes rows;  // ascending, each once; without those of no time
  std::vector<Visit> visits;
};

// `started_ns`: when the moment that the trace's times count from was, since the epoch. A trace
// without spans has no rows.
TraceSummary Summarise(const Trace& trace, const TraceLedger& ledger, uint64_t started_ns);

// The same of what nobody waited for, each account by itself: what consumers do, and how long
// their messages waited. Visits are in the summary of the trace.
std::vector<TraceSummary> SummariseDetached(const Trace& trace, const TraceLedger& ledger,
                                            uint64_t started_ns);

inline Part PartOf(const Owner& owner) {
  return {.service = owner.service, .peer = owner.peer, .category = owner.category};
}

}  // namespace clew::ledger
