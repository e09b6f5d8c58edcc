// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/counter.h"
#include "base/mutex.h"
#include "query/run_counters.h"

namespace clew::serve {

// A query that was answered, and what that took.
struct QueryRecord {
  int64_t unix_nano = 0;  // when it began
  std::string tenant, call, query;
  // In hex, of the query's own span, or else of who asked; empty when that told none.
  std::string trace_id{}, span_id{};
  std::chrono::nanoseconds took{0};
  query::RunCounters counters{};
  uint64_t memory_bytes = 0;  // of its memory budget
  uint64_t results = 0;       // traces, series, names or values
  int status = 200;           // as HTTP has it
};

// Tells the operator what queries there are, the slow ones always and the others in a verbose
// log, and remembers the slow ones. Thread-safe.
class QueryLog {
 public:
  explicit QueryLog(std::chrono::nanoseconds slow) : slow_(slow) {}

  void Note(QueryRecord record);

  struct Remembered {
    uint64_t queries = 0, slow_queries = 0, failed_queries = 0;  // since the start
    std::vector<QueryRecord> slowest;                            // slowest first
    std::vector<QueryRecord> last;                               // newest first
  };
  // How the queries of one call ended and what they took.
  struct OfCall {
    uint64_t answered = 0, refused = 0, cancelled = 0, failed = 0;
    base::DurationHistogram::Counts durations{};
  };
  struct Totals {
    std::map<std::string, OfCall> calls;
    query::RunCounters counters{};
  };
  Totals totals() const;
  // Of one tenant, or of all; the counts are always of all.
  Remembered remembered(std::string_view tenant = {}) const;
  // What takes so long is slow from now on.
  void SetSlow(std::chrono::nanoseconds slow) {
    const base::MutexLock lock(mutex_);
    slow_ = slow;
  }

 private:
  std::chrono::nanoseconds slow() const {
    const base::MutexLock lock(mutex_);
    return slow_;
  }
  void Remember(QueryRecord record) REQUIRES_LOCK(mutex_);

  // What totals() gives, while it is counted.
  struct Call {
    OfCall ended;
    base::DurationHistogram durations;
  };
  void Count(const QueryRecord& record) REQUIRES_LOCK(mutex_);

  mutable base::Mutex mutex_;
  std::chrono::nanoseconds slow_ GUARDED_BY(mutex_);
  Remembered remembered_ GUARDED_BY(mutex_);
  std::map<std::string, Call> calls_ GUARDED_BY(mutex_);  // by name; there are as many as routes
  query::RunCounters counters_ GUARDED_BY(mutex_);
};

// `tenant=t call=/api/search query="q={ }" ms=12.5 …`
std::string LineOf(const QueryRecord& record);

}  // namespace clew::serve
