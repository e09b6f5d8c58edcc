// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "check/check_counts.h"
#include "check/check_trace.h"
#include "check/patient_client.h"
#include "load/span_comparison.h"
#include "net/event_loop.h"
#include "net/task.h"

namespace clew::check {

struct CheckOptions {
  PatientClientOptions client{};
  uint64_t seed = 0;  // another one for every run
  std::chrono::nanoseconds interval = std::chrono::seconds(1);
  std::optional<std::chrono::nanoseconds> duration{};  // nullopt: until it is stopped
  // Of a run without an end: how old a trace may be to be read again.
  std::chrono::nanoseconds look_back = std::chrono::hours(1);
  // After its acknowledgement a trace is to be seen, the times without a server left out.
  std::chrono::nanoseconds visible_within = std::chrono::seconds(10);
};

// Writes a trace every interval, reads it back by its id, by a search and by a count, and reads
// all of them again at the end; without an end, now and then some of the newer ones. What
// was acknowledged and is not there is lost; what is there more often than it was written is
// duplicated. A server that is away is waited for.
//
// On its loop's thread, which is also the one that may look at the counts. Lives until Run has
// ended.
class Canary {
 public:
  Canary(net::EventLoop& loop, CheckOptions options);

  net::Task<void> Run();
  // Run comes to its end soon.
  void Stop();

  const CheckCounts& counts() const { return counts_; }
  std::chrono::nanoseconds unavailable() const;

 private:
  enum class Fate : uint8_t { kAcked, kRefused, kInDoubt };
  // A trace that was written, and what has been found of it so far.
  struct Record {
    CheckTrace trace;
    std::array<Fate, kBodies> fates{};
    uint64_t acked_spans = 0;
    uint64_t in_doubt_spans = 0;
    uint64_t lost_spans = 0;
    uint64_t duplicated_spans = 0;
    uint64_t wrong_spans = 0;
  };
  // Time that passes while the server is there.
  class Watch;
  // How many spans a count may find.
  struct CountRange {
    uint64_t least = 0;
    uint64_t most = 0;
  };

  net::Task<void> Round();
  net::Task<Fate> Write(Record& record, const CheckBody& body);
  net::Task<void> AwaitTrace(Record& record, const Watch& watch);
  net::Task<void> AwaitFound(Record& record, const Watch& watch);
  net::Task<void> AwaitCounted(Record& record, const Watch& watch);
  net::Task<void> SleepUntil(std::chrono::steady_clock::time_point when);

  // All of them, or a few that lie evenly among them.
  net::Task<void> ReadAgain(bool all);
  net::Task<void> ReadEach(size_t step);
  net::Task<void> CountAll(bool may_look_closer);

  net::Task<base::Result<std::vector<load::SpanText>>> ReadTrace(const CheckTrace& trace);
  net::Task<base::Result<bool>> IsFound(const CheckTrace& trace);
  // The spans of this and of all later traces, of this alone, as metrics count them.
  net::Task<base::Result<uint64_t>> Count(std::string condition, int64_t from_ns, int64_t to_ns);

  // What differs, with a line for each difference.
  load::SpanDifferences Judge(const Record& record, std::vector<load::SpanText> read,
                              std::vector<std::string>& lines) const;
  void Take(Record& record, const load::SpanDifferences& differences,
            const std::vector<std::string>& lines);
  static CountRange RangeOf(const Record& record);
  void Fail(Failure failure, std::string problem);
  void FailToRead(const base::Error& error);
  void Forget();
  bool ending() const { return stopping_ || gave_up_; }
  bool forever() const { return !options_.duration; }

  net::EventLoop& loop_;
  const CheckOptions options_;
  PatientClient client_;
  CheckCounts counts_;
  std::deque<Record> records_;
  uint64_t next_number_ = 0;
  uint64_t duplicates_at_large_ = 0;  // that a count of all has found, and no record knows
  bool stopping_ = false;
  bool gave_up_ = false;
};

}  // namespace clew::check
