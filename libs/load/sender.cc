// SPDX-License-Identifier: Apache-2.0
#include "load/sender.h"

#include <algorithm>
#include <utility>

#include "load/export_reply.h"
#include "net/grpc.h"

namespace clew::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr std::string_view kGrpcMethod =
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
constexpr std::string_view kHttpPath = "/v1/traces";
constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{5000};

bool MayComeLater(net::GrpcCode code) {
  return code == net::GrpcCode::kUnavailable || code == net::GrpcCode::kResourceExhausted;
}
bool MayComeLater(int http_status) {
  return http_status == 429 || http_status == 502 || http_status == 503 || http_status == 504;
}

}  // namespace

Sender::Sender(net::EventLoop& loop, SenderOptions options, BodyQueue& queue)
    : loop_(loop), options_(std::move(options)), queue_(queue) {}

net::Task<void> Sender::Run() {
  started_ = steady_clock::now();
  const uint32_t at_once = options_.protocol == Protocol::kHttp ? 1 : options_.in_flight;
  working_ = options_.connections * at_once;
  for (uint32_t i = 0; i < options_.connections; ++i) {
    clients_.push_back(std::make_unique<net::HttpClient>(loop_));
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
    const Outcome outcome = co_await SendUntilAnswered(client, body->bytes.view());
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

net::Task<Sender::Outcome> Sender::SendUntilAnswered(net::HttpClient& client,
                                                     std::string_view body) {
  const TimePoint deadline = steady_clock::now() + options_.give_up_after;
  milliseconds pause = kFirstPause;
  while (true) {
    Outcome outcome = co_await Attempt(client, body, deadline);
    if (outcome.kind != Outcome::Kind::kTryAgain) co_return outcome;
    const milliseconds wait = outcome.wait.value_or(pause);
    if (steady_clock::now() + wait >= deadline) {
      outcome.kind = Outcome::Kind::kRefused;
      co_return outcome;
    }
    ++counts_.retries;
    counts_.waited_ns += nanoseconds(wait).count();
    co_await loop_.SleepFor(wait);
    pause = std::min(2 * pause, kLongestPause);
  }
}

net::Task<Sender::Outcome> Sender::Attempt(net::HttpClient& client, std::string_view body,
                                           TimePoint deadline) {
  if (options_.protocol == Protocol::kGrpc) return AttemptGrpc(client, body, deadline);
  return AttemptHttp(client, body, deadline);
}

Sender::Outcome Sender::Accepted(std::string_view response) {
  const base::Result<uint64_t> rejected = ReadRejectedSpans(response);
  if (!rejected.ok()) return {.kind = Outcome::Kind::kRefused, .reason = rejected.error().message};
  return {.rejected_spans = rejected.value()};
}

net::Task<Sender::Outcome> Sender::AttemptGrpc(net::HttpClient& client, std::string_view body,
                                               TimePoint deadline) {
  const net::GrpcCallRequest request{
      .path = kGrpcMethod, .message = body, .metadata = options_.headers};
  const net::GrpcReply reply = co_await net::GrpcCall(client, options_.endpoint, request, deadline);
  if (reply.status.code == net::GrpcCode::kOk) co_return Accepted(reply.message);
  const Outcome::Kind kind =
      MayComeLater(reply.status.code) ? Outcome::Kind::kTryAgain : Outcome::Kind::kRefused;
  co_return Outcome{.kind = kind,
                    .reason = "grpc status " + std::to_string(static_cast<int>(reply.status.code)) +
                              ": " + reply.status.message,
                    .wait = ReadRetryDelay(reply.status.details)};
}

net::Task<Sender::Outcome> Sender::AttemptHttp(net::HttpClient& client, std::string_view body,
                                               TimePoint deadline) {
  net::RequestHead head{
      .method = "POST",
      .target = std::string(kHttpPath),
      .authority = options_.endpoint.host + ":" + std::to_string(options_.endpoint.port)};
  head.headers = options_.headers;
  head.headers.Add("content-type", "application/x-protobuf");
  const auto response = co_await client.Fetch(options_.endpoint, std::move(head), body, deadline);
  if (!response.ok()) {
    co_return Outcome{.kind = Outcome::Kind::kTryAgain, .reason = response.error().message};
  }
  const net::WholeResponse& answer = response.value();
  if (answer.head.status == 200) co_return Accepted(answer.body);
  const Outcome::Kind kind =
      MayComeLater(answer.head.status) ? Outcome::Kind::kTryAgain : Outcome::Kind::kRefused;
  co_return Outcome{.kind = kind,
                    .reason = "http status " + std::to_string(answer.head.status),
                    .wait = ReadRetryAfter(answer.head.headers.Get("Retry-After").value_or(""))};
}

void Sender::Count(const Body& body, const Outcome& outcome, TimePoint since) {
  if (outcome.kind != Outcome::Kind::kAccepted) {
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
