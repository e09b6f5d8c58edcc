// SPDX-License-Identifier: Apache-2.0
#include "load/sender.h"

#include <algorithm>
#include <utility>

#include "otlp/retry_pause.h"

namespace clew::load {
namespace {

using otlp::ExportOutcome;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

}  // namespace

Sender::Sender(net::EventLoop& loop, SenderOptions options, BodyQueue& queue)
    : loop_(loop), options_(std::move(options)), queue_(queue) {}

net::Task<void> Sender::Run() {
  started_ = steady_clock::now();
  const uint32_t at_once =
      options_.destination.protocol == Protocol::kHttp ? 1 : options_.in_flight;
  working_ = options_.connections * at_once;
  for (uint32_t i = 0; i < options_.connections; ++i) {
    clients_.push_back(std::make_unique<net::HttpClient>(loop_, options_.client));
    for (uint32_t j = 0; j < at_once; ++j) loop_.Spawn(Work(*clients_.back()));
  }
  while (working_ > 0) co_await ended_.Wait();
}

net::Task<void> Sender::Work(net::HttpClient& client) {
  while (true) {
    std::optional<Body> body = queue_.TryTake();
    if (!body) {
      if (queue_.finished()) break;
      co_await filled_.Wait();
      continue;
    }
    const TimePoint since = co_await AwaitDue(body->due_ns);
    const ExportOutcome outcome = co_await SendUntilAnswered(client, body->bytes.view());
    Count(*body, outcome, since);
    queue_.Recycle(std::move(body->bytes));
  }
  --working_;
  ended_.Resume();
}

net::Task<Sender::TimePoint> Sender::AwaitDue(int64_t due_ns) {
  if (options_.pace <= 0) co_return steady_clock::now();
  const double since_start = static_cast<double>(due_ns - options_.simulated_start_ns);
  const TimePoint due = started_ + nanoseconds(static_cast<int64_t>(since_start * options_.pace));
  const nanoseconds early = due - steady_clock::now();
  if (early.count() > 0) {
    co_await loop_.SleepFor(early);
  } else {
    counts_.most_behind_ns = std::max<int64_t>(counts_.most_behind_ns, -early.count());
  }
  co_return due;
}

net::Task<ExportOutcome> Sender::SendUntilAnswered(net::HttpClient& client, std::string_view body) {
  const otlp::ExportRequest request{.body = body, .headers = options_.headers};
  const TimePoint deadline = steady_clock::now() + options_.give_up_after;
  otlp::RetryPause pause;
  while (true) {
    ExportOutcome outcome = co_await otlp::Export(client, options_.destination, request, deadline);
    if (outcome.kind != ExportOutcome::Kind::kTryAgain) co_return outcome;
    const milliseconds wait = outcome.wait ? *outcome.wait : pause.Next();
    if (steady_clock::now() + wait >= deadline) {
      outcome.kind = ExportOutcome::Kind::kRefused;
      co_return outcome;
    }
    ++counts_.retries;
    counts_.waited_ns += nanoseconds(wait).count();
    co_await loop_.SleepFor(wait);
  }
}

void Sender::Count(const Body& body, const ExportOutcome& outcome, TimePoint since) {
  if (outcome.kind != ExportOutcome::Kind::kAccepted) {
    ++counts_.failed_bodies;
    counts_.failed_spans += body.span_count;
    if (counts_.first_error.empty()) counts_.first_error = outcome.reason;
    return;
  }
  ++counts_.bodies;
  counts_.bytes += body.bytes.size();
  counts_.rejected_spans += outcome.rejected_spans;
  if (body.duplicate) {
    ++counts_.duplicate_bodies;
  } else {
    counts_.spans += body.span_count;
  }
  counts_.latency.Record(nanoseconds(steady_clock::now() - since).count());
}

}  // namespace clew::load
