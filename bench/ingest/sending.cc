// SPDX-License-Identifier: Apache-2.0
#include "sending.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "net/grpc.h"
#include "net/grpc_wire.h"
#include "otlp/export_reply.h"

namespace clew::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr milliseconds kUsualPause{50};
constexpr std::chrono::seconds kLongestAnswer{60};

}  // namespace

Sending::Sending(net::EventLoop& loop, const SendOptions& options, std::vector<Body>& bodies)
    : loop_(loop),
      options_(options),
      route_(RouteOf(options_.format)),
      bodies_(bodies),
      endpoint_{.host = "127.0.0.1", .port = options_.port, .http2 = route_.grpc} {
  CHECK(options_.bodies <= bodies_.size() || bodies_.size() > options_.connections);
}

net::Task<void> Sending::Run() {
  started_ = steady_clock::now();
  working_ = options_.connections;
  for (uint32_t i = 0; i < options_.connections; ++i) {
    clients_.push_back(std::make_unique<net::HttpClient>(loop_));
    loop_.Spawn(Work(*clients_.back()));
  }
  while (working_ > 0) co_await ended_.Wait();
  counts_.seconds = std::chrono::duration<double>(steady_clock::now() - started_).count();
}

Body* Sending::Next() {
  if (taken_ == options_.bodies) return nullptr;
  ++taken_;
  while (bodies_[at_ % bodies_.size()].in_flight) ++at_;
  Body& body = bodies_[at_ % bodies_.size()];
  if (at_++ >= bodies_.size()) Renew(body);
  return &body;
}

// False when it is too late for the body that was due.
net::Task<bool> Sending::AwaitDue(TimePoint& due) {
  due = steady_clock::now();
  if (options_.rate <= 0) co_return true;
  const double seconds = static_cast<double>(taken_ - 1) / options_.rate;
  const TimePoint now = due;
  due = started_ + nanoseconds(static_cast<int64_t>(seconds * 1e9));
  const nanoseconds early = due - now;
  if (early.count() > 0) co_await loop_.SleepFor(early);
  co_return options_.longest_delay.count() == 0 || -early <= options_.longest_delay;
}

net::Task<void> Sending::Work(net::HttpClient& client) {
  const TimePoint end = started_ + options_.duration;
  while (steady_clock::now() < end) {
    Body* const body = Next();
    if (body == nullptr) break;
    body->in_flight = true;
    TimePoint due;
    if (co_await AwaitDue(due)) {
      co_await SendUntilAnswered(client, *body, due);
    } else {
      ++counts_.dropped;
    }
    body->in_flight = false;
  }
  --working_;
  ended_.Resume();
}

net::Task<void> Sending::SendUntilAnswered(net::HttpClient& client, const Body& body,
                                           TimePoint since) {
  while (true) {
    const Answer answer = co_await Send(client, body);
    if (answer.kind == Answer::Kind::kAcknowledged) {
      ++counts_.acknowledged;
      counts_.bytes += body.bytes.size();
      counts_.latency.Record(nanoseconds(steady_clock::now() - since).count());
      co_return;
    }
    if (counts_.first_error.empty()) counts_.first_error = answer.reason;
    if (answer.kind == Answer::Kind::kFailed) {
      ++counts_.failed;
      co_return;
    }
    ++counts_.refused;
    if (options_.longest_pause.count() == 0) {
      ++counts_.dropped;
      co_return;
    }
    co_await loop_.SleepFor(std::min(answer.pause, options_.longest_pause));
  }
}

net::RequestHead Sending::HeadOf() const {
  net::RequestHead head{.method = "POST",
                        .target = std::string(route_.path),
                        .authority = "127.0.0.1:" + std::to_string(options_.port)};
  head.headers.Add("content-type", route_.content_type);
  if (route_.grpc) head.headers.Add("te", "trailers");
  if (options_.encoding != BodyEncoding::kNone) {
    head.headers.Add(route_.grpc ? "grpc-encoding" : "content-encoding", NameOf(options_.encoding));
  }
  return head;
}

net::Task<Sending::Answer> Sending::Send(net::HttpClient& client, const Body& body) {
  return route_.grpc ? SendGrpc(client, body) : SendHttp(client, body);
}

net::Task<Sending::Answer> Sending::SendHttp(net::HttpClient& client, const Body& body) {
  net::RequestHead head = HeadOf();
  const auto response = co_await client.Fetch(endpoint_, std::move(head), body.bytes,
                                              steady_clock::now() + kLongestAnswer);
  if (!response.ok()) {
    co_return Answer{.kind = Answer::Kind::kFailed, .reason = response.error().message};
  }
  const net::WholeResponse& answer = response.value();
  if (answer.head.status >= 200 && answer.head.status < 300) co_return Answer{};
  const auto pause = otlp::ReadRetryAfter(answer.head.headers.Get("Retry-After").value_or(""));
  co_return Answer{
      .kind = answer.head.status == 429 ? Answer::Kind::kLater : Answer::Kind::kFailed,
      .pause = pause.value_or(kUsualPause),
      .reason = "http status " + std::to_string(answer.head.status) + ": " + answer.body};
}

net::Task<Sending::Answer> Sending::SendGrpc(net::HttpClient& client, const Body& body) {
  Answer answer{.kind = Answer::Kind::kFailed};
  net::RequestHead request = HeadOf();
  auto opened = co_await client.Open(endpoint_, std::move(request), true,
                                     steady_clock::now() + kLongestAnswer);
  if (!opened.ok()) {
    answer.reason = opened.error().message;
    co_return answer;
  }
  net::ClientExchange& exchange = *opened.value();
  base::Status sent = co_await exchange.WriteBody(body.bytes);
  if (sent.ok()) sent = co_await exchange.FinishBody();
  // A server may refuse before it has read everything: its answer counts.
  const base::Result<net::ResponseHead> head = co_await exchange.ReadHead();
  bool more = head.ok();
  if (!head.ok()) answer.reason = head.error().message;
  while (more) {
    const base::Result<std::string_view> piece = co_await exchange.ReadBody();
    if (!piece.ok()) answer.reason = piece.error().message;
    more = piece.ok() && !piece.value().empty();
  }
  if (!answer.reason.empty()) co_return answer;
  auto status = net::StatusFromFields(exchange.response_trailers());
  if (!status) status = net::StatusFromFields(head.value().headers);
  if (!status) {
    answer.reason = "no grpc-status; http status " + std::to_string(head.value().status);
    co_return answer;
  }
  if (status->code == net::GrpcCode::kOk) {
    answer.kind = Answer::Kind::kAcknowledged;
    co_return answer;
  }
  if (status->code == net::GrpcCode::kResourceExhausted) answer.kind = Answer::Kind::kLater;
  answer.pause = otlp::ReadRetryDelay(status->details).value_or(kUsualPause);
  answer.reason =
      "grpc status " + std::to_string(static_cast<int>(status->code)) + ": " + status->message;
  co_return answer;
}

}  // namespace clew::bench
