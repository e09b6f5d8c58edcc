// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "query/run_counters.h"

namespace clew::query {

// What a run tells beside its answer: the blocks that could not be read, so that the answer
// is that of all others, and what was done for it, which also holds when there is no answer.
// One thread.
class RunNotes {
 public:
  // Notes an error of a block; that of a query that is to end, or that is over its memory
  // budget, stays one. Without `notes` every error stays.
  static base::Status Note(base::Status status, RunNotes* notes) {
    if (status.ok() || notes == nullptr) return status;
    const base::ErrorCode code = status.error().code;
    if (code == base::ErrorCode::kCancelled || code == base::ErrorCode::kExhausted) return status;
    std::vector<std::string>& reasons = notes->reasons_;
    const std::string& reason = status.error().message;
    if (std::ranges::find(reasons, reason) == reasons.end()) reasons.push_back(reason);
    return {};
  }
  // Null without `notes`.
  static RunCounters* CountersOf(RunNotes* notes) {
    return notes == nullptr ? nullptr : &notes->counters_;
  }

  // No block was left out.
  bool empty() const { return reasons_.empty(); }
  // Each names a block and says what is wrong with it.
  const std::vector<std::string>& reasons() const { return reasons_; }
  const RunCounters& counters() const { return counters_; }

 private:
  std::vector<std::string> reasons_;
  RunCounters counters_;
};

}  // namespace clew::query
