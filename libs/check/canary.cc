// SPDX-License-Identifier: Apache-2.0
// A round is one coroutine that writes, and then asks until what was written is seen. So there is
// one request at a time, and a time without an answer is a time without a server.
//
// Reading by id shows spans that are equal once, so a body that was stored twice shows in the
// counts alone, which take every span that is there; and a lost span shows in both, so it is the
// reading that judges it, and the count is compared with what reading has found.
#include "check/canary.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "check/answers.h"
#include "net/percent_encode.h"

namespace clew::check {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPollPause{10};
// How soon a sleep notices that the run shall end.
constexpr milliseconds kNap{50};

// Of a run without an end: how often it reads again, and how much.
constexpr std::chrono::seconds kReadAgainInterval{60};
constexpr size_t kReadAgainTraces = 200;
constexpr size_t kMostRecords = 1'000'000;

constexpr int64_t kSecondNs = 1'000'000'000;

std::string Query(const CheckTrace& trace, std::string_view relation) {
  return "{ resource." + std::string(kRunAttribute) + " = \"" + RunName(trace.seed) +
         "\" && span." + std::string(kNumberAttribute) + " " + std::string(relation) + " " +
         std::to_string(trace.number) + " }";
}

std::string NameOf(const CheckTrace& trace) {
  return "trace " + TraceIdOf(trace).ToHex() + " (number " + std::to_string(trace.number) + ")";
}

}  // namespace

class Canary::Watch {
 public:
  explicit Watch(const PatientClient& client) : client_(client), started_(steady_clock::now()) {
    away_before_ = client_.availability().total(started_);
  }
  nanoseconds elapsed() const {
    const auto now = steady_clock::now();
    return now - started_ - (client_.availability().total(now) - away_before_);
  }

 private:
  const PatientClient& client_;
  steady_clock::time_point started_;
  Availability::Duration away_before_{};
};

Canary::Canary(net::EventLoop& loop, CheckOptions options)
    : loop_(loop), options_(std::move(options)), client_(loop, options_.client) {}

void Canary::Stop() {
  stopping_ = true;
  client_.Hurry();
}

nanoseconds Canary::unavailable() const {
  return client_.availability().total(steady_clock::now());
}

net::Task<void> Canary::Run() {
  const auto started = steady_clock::now();
  auto next = started;
  auto read_again = started + kReadAgainInterval;
  while (!ending() && (forever() || steady_clock::now() < started + *options_.duration)) {
    co_await Round();
    Forget();
    if (forever() && steady_clock::now() >= read_again && !ending()) {
      co_await ReadAgain(false);
      read_again = steady_clock::now() + kReadAgainInterval;
    }
    // What was missed while the server was away is not made up for.
    next = std::max(next + options_.interval, steady_clock::now());
    co_await SleepUntil(next);
  }
  if (!gave_up_) co_await ReadAgain(!forever());
}

net::Task<void> Canary::SleepUntil(steady_clock::time_point when) {
  while (!ending()) {
    const nanoseconds left = when - steady_clock::now();
    if (left.count() <= 0) co_return;
    co_await loop_.SleepFor(std::min<nanoseconds>(left, kNap));
  }
}

net::Task<void> Canary::Round() {
  const int64_t now = base::Clock::System().UnixNanos();
  const CheckTrace trace{
      .seed = options_.seed, .number = next_number_++, .start_ns = now - kTraceSpanNs};
  Record& record = records_.emplace_back();
  record.trace = trace;
  ++counts_.traces;
  const uint64_t failures_before = counts_.failure_count();
  const std::array<CheckBody, kBodies> bodies = MakeBodies(trace);
  for (size_t i = 0; i < kBodies; ++i) record.fates[i] = co_await Write(record, bodies[i]);
  const Watch watch(client_);
  if (record.acked_spans > 0) {
    co_await AwaitTrace(record, watch);
    co_await AwaitFound(record, watch);
    co_await AwaitCounted(record, watch);
  }
  if (counts_.failure_count() == failures_before) {
    counts_.last_success_unix_nano = base::Clock::System().UnixNanos();
  }
}

net::Task<Canary::Fate> Canary::Write(Record& record, const CheckBody& body) {
  const uint64_t spans = body.spans.size();
  counts_.written_spans += spans;
  const otlp::ExportOutcome outcome = co_await client_.Write(body.bytes);
  counts_.retries = client_.retries();
  switch (outcome.kind) {
    case otlp::ExportOutcome::Kind::kAccepted:
      if (outcome.rejected_spans > 0) break;
      counts_.acked_spans += spans;
      record.acked_spans += spans;
      co_return Fate::kAcked;
    case otlp::ExportOutcome::Kind::kTryAgain: {
      counts_.in_doubt_spans += spans;
      record.in_doubt_spans += spans;
      const base::Error away{base::ErrorCode::kUnavailable, outcome.reason};
      FailToRead(away);
      co_return Fate::kInDoubt;
    }
    case otlp::ExportOutcome::Kind::kRefused:
      break;
  }
  Fail(Failure::kRefused, NameOf(record.trace) + " is refused: " + outcome.reason);
  co_return Fate::kRefused;
}

net::Task<void> Canary::AwaitTrace(Record& record, const Watch& watch) {
  while (true) {
    base::Result<std::vector<load::SpanText>> read = co_await ReadTrace(record.trace);
    if (!read.ok()) {
      FailToRead(read.error());
      co_return;
    }
    std::vector<std::string> lines;
    const load::SpanDifferences differences = Judge(record, std::move(read).value(), lines);
    const bool late = watch.elapsed() > options_.visible_within;
    if (differences.missing > 0 && !late) {
      co_await loop_.SleepFor(kPollPause);
      continue;
    }
    if (differences.missing == 0) counts_.delays.Record(watch.elapsed().count());
    Take(record, differences, lines);
    co_return;
  }
}

net::Task<void> Canary::AwaitFound(Record& record, const Watch& watch) {
  while (!gave_up_ && record.lost_spans < record.acked_spans) {
    const base::Result<bool> found = co_await IsFound(record.trace);
    if (!found.ok()) {
      FailToRead(found.error());
      co_return;
    }
    if (found.value()) co_return;
    if (watch.elapsed() > options_.visible_within) {
      Fail(Failure::kNotFound, NameOf(record.trace) + " is in no search");
      co_return;
    }
    co_await loop_.SleepFor(kPollPause);
  }
}

Canary::CountRange Canary::RangeOf(const Record& record) {
  const uint64_t least = record.acked_spans - record.lost_spans;
  return {.least = least, .most = least + record.in_doubt_spans + record.duplicated_spans};
}

net::Task<void> Canary::AwaitCounted(Record& record, const Watch& watch) {
  const CheckTrace& trace = record.trace;
  while (!gave_up_) {
    const base::Result<uint64_t> count = co_await Count(Query(trace, "="), trace.start_ns,
                                                        trace.start_ns + kTraceSpanNs + kSecondNs);
    if (!count.ok()) {
      FailToRead(count.error());
      co_return;
    }
    const CountRange range = RangeOf(record);
    if (count.value() > range.most) {
      const uint64_t excess = count.value() - range.most;
      record.duplicated_spans += excess;
      counts_.duplicated_spans += excess;
      Fail(Failure::kDuplicated, NameOf(record.trace) + " has " + std::to_string(range.most) +
                                     " spans, and a count finds " + std::to_string(count.value()));
      co_return;
    }
    if (count.value() >= range.least) co_return;
    if (watch.elapsed() > options_.visible_within) {
      Fail(Failure::kMiscounted, NameOf(record.trace) + " has " + std::to_string(range.least) +
                                     " spans, and a count finds " + std::to_string(count.value()));
      co_return;
    }
    co_await loop_.SleepFor(kPollPause);
  }
}

net::Task<void> Canary::ReadAgain(bool all) {
  const size_t step = all ? 1 : std::max<size_t>(1, records_.size() / kReadAgainTraces);
  co_await ReadEach(step);
  co_await CountAll(step > 1);
}

net::Task<void> Canary::ReadEach(size_t step) {
  for (size_t i = 0; i < records_.size() && !gave_up_; i += step) {
    Record& record = records_[i];
    if (record.acked_spans == 0) continue;
    base::Result<std::vector<load::SpanText>> read = co_await ReadTrace(record.trace);
    if (!read.ok()) {
      FailToRead(read.error());
      continue;
    }
    std::vector<std::string> lines;
    const load::SpanDifferences differences = Judge(record, std::move(read).value(), lines);
    Take(record, differences, lines);
  }
}

net::Task<void> Canary::CountAll(bool may_look_closer) {
  if (records_.empty() || gave_up_) co_return;
  const CheckTrace first = records_.front().trace;
  const base::Result<uint64_t> count =
      co_await Count(Query(first, ">="), first.start_ns,
                     records_.back().trace.start_ns + kTraceSpanNs + kSecondNs);
  if (!count.ok()) {
    FailToRead(count.error());
    co_return;
  }
  CountRange range{.most = duplicates_at_large_};
  for (const Record& record : records_) {
    range.least += RangeOf(record).least;
    range.most += RangeOf(record).most;
  }
  const std::string found = "the run has " + std::to_string(range.least) +
                            " spans, and a count finds " + std::to_string(count.value());
  if (count.value() > range.most) {
    const uint64_t excess = count.value() - range.most;
    duplicates_at_large_ += excess;
    counts_.duplicated_spans += excess;
    Fail(Failure::kDuplicated, found);
  } else if (count.value() < range.least && may_look_closer) {
    co_await ReadEach(1);
    co_await CountAll(false);
  } else if (count.value() < range.least) {
    Fail(Failure::kMiscounted, found);
  }
}

net::Task<base::Result<std::vector<load::SpanText>>> Canary::ReadTrace(const CheckTrace& trace) {
  base::Result<std::optional<std::string>> answer =
      co_await client_.Read("/api/v2/traces/" + TraceIdOf(trace).ToHex(), "application/protobuf");
  if (!answer.ok()) co_return std::move(answer).error();
  // No trace is one without spans.
  co_return load::ReadTraceResponse(answer.value() ? *answer.value() : std::string());
}

net::Task<base::Result<bool>> Canary::IsFound(const CheckTrace& trace) {
  const int64_t start = trace.start_ns / kSecondNs;
  const std::string target = "/api/search?limit=2&start=" + std::to_string(start) +
                             "&end=" + std::to_string(start + 2) +
                             "&q=" + net::PercentEncode(Query(trace, "="));
  const base::Result<std::optional<std::string>> answer =
      co_await client_.Read(target, "application/json");
  if (!answer.ok()) co_return answer.error();
  const base::Result<std::vector<std::string>> ids =
      ReadFoundTraces(answer.value() ? *answer.value() : std::string());
  if (!ids.ok()) co_return ids.error();
  co_return std::ranges::any_of(ids.value(), [&](const std::string& id) {
    return model::TraceId::FromHex(id) == TraceIdOf(trace);
  });
}

net::Task<base::Result<uint64_t>> Canary::Count(std::string condition, int64_t from_ns,
                                                int64_t to_ns) {
  // A step that is as long as the range: few samples, whatever the length of the run.
  const int64_t step = (to_ns - from_ns) / kSecondNs + 1;
  const std::string target =
      "/api/metrics/query_range?exemplars=0&start=" + std::to_string(from_ns) +
      "&end=" + std::to_string(to_ns) + "&step=" + std::to_string(step) + "s" +
      "&q=" + net::PercentEncode(condition + " | count_over_time()");
  const base::Result<std::optional<std::string>> answer =
      co_await client_.Read(target, "application/json");
  if (!answer.ok()) co_return answer.error();
  co_return ReadSampleSum(answer.value() ? *answer.value() : std::string());
}

// What may or may not have been stored is neither missing nor too much.
load::SpanDifferences Canary::Judge(const Record& record, std::vector<load::SpanText> read,
                                    std::vector<std::string>& lines) const {
  std::vector<load::SpanText> sent;
  std::array<CheckBody, kBodies> bodies = MakeBodies(record.trace);
  for (size_t i = 0; i < kBodies; ++i) {
    std::vector<load::SpanText>& spans = bodies[i].spans;
    if (record.fates[i] == Fate::kAcked) {
      sent.insert(sent.end(), spans.begin(), spans.end());
    } else if (record.fates[i] == Fate::kInDoubt) {
      std::erase_if(read, [&](const load::SpanText& span) {
        return std::ranges::binary_search(spans, span);
      });
    }
  }
  std::ranges::sort(sent);
  return load::CompareSpans(sent, read, [&](std::string line) {
    lines.push_back(NameOf(record.trace) + ": " + std::move(line));
  });
}

// Only what is worse than it was when the trace was last looked at is new.
void Canary::Take(Record& record, const load::SpanDifferences& differences,
                  const std::vector<std::string>& lines) {
  const auto grow = [&](uint64_t found, uint64_t& known, uint64_t& count, Failure failure) {
    if (found <= known) return;
    count += found - known;
    known = found;
    Fail(failure, lines.front());
  };
  grow(differences.missing, record.lost_spans, counts_.lost_spans, Failure::kLost);
  grow(differences.twice, record.duplicated_spans, counts_.duplicated_spans, Failure::kDuplicated);
  grow(differences.changed + differences.extra - differences.twice, record.wrong_spans,
       counts_.wrong_spans, Failure::kWrong);
}

void Canary::Fail(Failure failure, std::string problem) {
  ++counts_.failures[static_cast<size_t>(failure)];
  if (counts_.problems.size() < kMaxToldProblems) counts_.problems.push_back(std::move(problem));
}

void Canary::FailToRead(const base::Error& error) {
  if (error.code != base::ErrorCode::kUnavailable) return Fail(Failure::kUnread, error.message);
  // Whoever asked for the end does not want to wait for a server that is not there.
  if (forever() && !stopping_) return Fail(Failure::kUnavailable, error.message);
  if (std::exchange(gave_up_, true)) return;
  Fail(Failure::kUnavailable, "the server was away for too long: " + error.message);
}

// A server forgets what is past its retention, and so must a check.
void Canary::Forget() {
  const int64_t oldest = base::Clock::System().UnixNanos() - options_.look_back.count();
  while (!records_.empty() && ((forever() && records_.front().trace.start_ns < oldest) ||
                               records_.size() > kMostRecords)) {
    records_.pop_front();
  }
}

}  // namespace clew::check
