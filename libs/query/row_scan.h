// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <stop_token>
#include <vector>

#include "base/result.h"
#include "query/cancellation.h"
#include "query/eval/regexes.h"
#include "query/left_out.h"
#include "query/progress.h"
#include "query/row_filter.h"
#include "query/scan_threads.h"
#include "query/selected_span.h"
#include "query/time_range.h"
#include "store/sources.h"
#include "traceql/ast.h"

namespace clew::query {

// Brings the rows that a filter selects to whoever takes them: memtables and the row groups of
// blocks, each on whatever thread is free. A row group that cannot be read is left out, and noted
// as its block; which ones does not depend on the threads.
class RowScan {
 public:
  // All that is given outlives it.
  struct Means {
    const store::Sources& sources;
    const TimeRange& range;
    Regexes& regexes;
    std::stop_token cancelled;
    LeftOut* left_out;
    ScanThreads* threads;        // null: none but that of the caller
    ProgressListener* progress;  // null: nobody hears
  };
  explicit RowScan(const Means& means) : means_(means) {}

  // REQUIRES: `filter` and all that the taker asks for IsOfSpan.
  base::Status Run(const traceql::SpansetFilter& filter, SpanTaker& taker);

  // Whether spans of it may start in the range, which is counted.
  static bool LookAt(const store::Block& block, const TimeRange& range, RunCounters* counters);
  // Its rows that start in the range, which are counted.
  static RowSet RowsInRange(const store::Memtable& memtable, const TimeRange& range,
                            Cancellation& cancellation, RunCounters* counters);

 private:
  // What is taken by one thread at a time.
  struct Part {
    const store::Memtable* memtable = nullptr;
    const store::Block* block = nullptr;  // or a row group of it
    size_t group = 0;
  };
  struct Worker {
    Cancellation cancellation;
    RunCounters counters{};
    std::unique_ptr<SpanTaker> fork{};  // what it takes spans with, but for the first
  };

  base::Status FindParts();
  void TellProgress();
  base::Status Scan(const Part& part, const RowFilter& filter, Worker& worker, SpanTaker& taker);
  base::Status ScanMemtable(const store::Memtable& memtable, const RowFilter& filter,
                            Worker& worker, SpanTaker& taker);
  base::Status ScanGroup(const Part& part, const RowFilter& filter, Worker& worker,
                         SpanTaker& taker);
  // What remains once all parts are done.
  base::Status Finish(std::vector<Worker>& workers, SpanTaker& taker);
  base::Status JoinForks(std::vector<Worker>& workers, SpanTaker& taker);

  const Means means_;
  RunCounters* const counters_ = RunNotes::CountersOf(means_.left_out);
  std::vector<Part> parts_;
  std::vector<base::Status> outcomes_;  // of the parts
  // Some part ended in a way that the query cannot go on from. Nothing is ordered by it: a part
  // that begins nevertheless is of no use, and of no harm.
  std::atomic<bool> failed_ = false;
  std::atomic<size_t> done_ = 0;  // parts, for whoever hears of the progress
};

}  // namespace clew::query
