// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/trace_summary.h"

#include <algorithm>
#include <span>
#include <unordered_map>

#include "ledger/family.h"

namespace clew::ledger {
namespace {

template <typename T>
void SortUnique(std::vector<T>& values) {
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
}

// The visits of a trace: a span belongs to that of its parent as long as the service is the same.
class Visits {
 public:
  explicit Visits(const Trace& trace) : trace_(trace), parents_(ParentsOf(trace)) {
    visit_of_.assign(trace.spans.size(), kNone);
    for (uint32_t span = 0; span < trace.spans.size(); ++span) Place(span);
    ended_ns_.assign(visits_.size(), 0);
    failed_below_.assign(trace.spans.size(), false);
    for (uint32_t span = 0; span < trace.spans.size(); ++span) {
      if (trace.spans[span].error && parents_[span] != kNone) failed_below_[parents_[span]] = true;
    }
    for (uint32_t span = 0; span < trace.spans.size(); ++span) Note(span);
    for (Visit& visit : visits_) SortUnique(visit.steps);
  }

  std::vector<Visit> Take() && { return std::move(visits_); }
  // What the visit of `span` calls.
  std::vector<Operation> CallsOf(uint32_t span) const {
    std::vector<Operation> calls;
    for (uint32_t other = 0; other < trace_.spans.size(); ++other) {
      if (IsEntry(other) && parents_[other] != kNone &&
          visit_of_[parents_[other]] == visit_of_[span]) {
        calls.push_back(OperationOf(other));
      }
    }
    SortUnique(calls);
    return calls;
  }

 private:
  Operation OperationOf(uint32_t span) const {
    return {.service = trace_.spans[span].service, .name = trace_.spans[span].operation};
  }
  bool IsEntry(uint32_t span) const {
    const uint32_t parent = parents_[span];
    return parent == kNone || trace_.spans[parent].service != trace_.spans[span].service;
  }

  // Gives `span` and all above it in the same visit their number.
  void Place(uint32_t span) {
    std::vector<uint32_t> way;
    while (visit_of_[span] == kNone && !IsEntry(span)) {
      way.push_back(span);
      span = parents_[span];
    }
    if (visit_of_[span] == kNone) {
      visit_of_[span] = static_cast<uint32_t>(visits_.size());
      visits_.push_back({.entry = OperationOf(span)});
    }
    for (const uint32_t below : way) visit_of_[below] = visit_of_[span];
  }

  void Note(uint32_t span) {
    const Span& self = trace_.spans[span];
    const uint32_t own = visit_of_[span];
    const uint32_t above = parents_[span] == kNone ? kNone : visit_of_[parents_[span]];
    if (above == own) {
      visits_[own].steps.push_back(OperationOf(span));
    } else if (above != kNone) {
      visits_[above].steps.push_back(OperationOf(span));
      if (self.end_ns >= ended_ns_[above]) {
        ended_ns_[above] = self.end_ns;
        visits_[above].last_call = OperationOf(span);
      }
    }
    if (self.error && !failed_below_[span]) visits_[own].failed = true;
  }

  const Trace& trace_;
  const std::vector<uint32_t> parents_;
  std::vector<uint32_t> visit_of_;  // of each span
  std::vector<Visit> visits_;
  std::vector<uint64_t> ended_ns_;  // of each visit: when its last call ended
  std::vector<bool> failed_below_;  // of each span: a child has an error
};

// Of one account, without the visits.
TraceSummary SummaryOf(const Trace& trace, const TraceLedger& ledger, const Account& account,
                       const Visits& visits, uint64_t started_ns) {
  TraceSummary summary;
  summary.started_ns = started_ns + account.start_ns;
  summary.nanos = account.nanos();
  summary.rows = OwnerTimesOf(trace, ledger, account, GroupBy::kOperation);
  if (account.root != kNone) {
    const Span& root = trace.spans[account.root];
    summary.kind = {.root = {.service = root.service, .name = root.operation},
                    .calls = visits.CallsOf(account.root)};
  }
  return summary;
}

}  // namespace

void AddUp(OwnerTimes& times) {
  std::ranges::sort(times);
  size_t kept = 0;
  for (size_t i = 0; i < times.size(); ++i) {
    if (kept > 0 && times[kept - 1].first == times[i].first) {
      times[kept - 1].second += times[i].second;
    } else {
      times[kept++] = times[i];
    }
  }
  times.resize(kept);
}

OwnerTimes OwnerTimesOf(const Trace& trace, const TraceLedger& ledger, const Account& account,
                        GroupBy by) {
  OwnerTimes times;
  for (const Segment& segment : ledger.SegmentsOf(account)) {
    if (segment.nanos() == 0) continue;
    times.emplace_back(Grouped(OwnerOf(trace, segment), by), segment.nanos());
  }
  AddUp(times);
  return times;
}

TraceSummary Summarise(const Trace& trace, const TraceLedger& ledger, uint64_t started_ns) {
  TraceSummary summary;
  if (ledger.accounts.empty()) return summary;
  Visits visits(trace);
  summary = SummaryOf(trace, ledger, ledger.accounts.front(), visits, started_ns);
  summary.visits = std::move(visits).Take();
  return summary;
}

std::vector<TraceSummary> SummariseDetached(const Trace& trace, const TraceLedger& ledger,
                                            uint64_t started_ns) {
  std::vector<TraceSummary> summaries;
  if (ledger.accounts.size() < 2) return summaries;
  const Visits visits(trace);
  for (const Account& account : std::span(ledger.accounts).subspan(1)) {
    summaries.push_back(SummaryOf(trace, ledger, account, visits, started_ns));
  }
  return summaries;
}

}  // namespace clew::ledger
