// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "ledger/trace.h"

namespace clew::bench {

// A span as it was recorded; texts are codes.
struct RecordedSpan {
  std::string id, parent;  // "root": it has none
  uint32_t pod = ledger::Names::kEmpty;
  uint32_t service = ledger::Names::kEmpty;
  uint32_t operation = ledger::Names::kEmpty;
  uint64_t start_ns = 0, end_ns = 0;  // of the epoch
};

struct RecordedTrace {
  std::string window;  // the file it is from, which holds about a minute
  uint64_t started_ns = 0;
  std::vector<RecordedSpan> spans{};
};

// Someone made a pod of `service` slow or wrong from `time_ns` on, for three minutes.
struct Fault {
  uint64_t time_ns = 0;
  std::string service, type;

  bool Holds(const RecordedTrace& trace) const {
    return trace.started_ns >= time_ns && trace.started_ns - time_ns < 180'000'000'000;
  }
};

struct Day {
  std::string name;
  std::vector<Fault> faults{};  // by time
  std::vector<RecordedTrace> traces{};
};

// Reads what bench/why.py writes: lines `day NAME`, `fault NS POD TYPE`, `window NAME`, and spans
// as they lie in Nezha's files. Ends the program where a line is none of them.
std::vector<Day> ReadDays(std::istream& in, ledger::Names& names);

// The trace for the ledger. Kinds are not recorded, so they are inferred: a span with exactly one
// child on another pod is a client, that child and spans without a parent are servers. Spans are
// left out with the share `lost`, roots never; which ones, depends on `seed`.
ledger::Trace TraceOf(const RecordedTrace& recorded, double lost, uint64_t seed);

}  // namespace clew::bench
