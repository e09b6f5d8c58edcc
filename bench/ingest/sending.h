// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bodies.h"
#include "load/latency_histogram.h"
#include "net/event_loop.h"
#include "net/http_client.h"
#include "net/signal.h"
#include "net/task.h"

namespace clew::bench {

struct SendOptions {
  BodyFormat format = BodyFormat::kOtlpGrpc;
  BodyEncoding encoding = BodyEncoding::kNone;
  uint32_t spans_per_body = 0;
  uint16_t port = 0;  // on this machine
  uint32_t connections = 1;
  // Ends after so much time, or so many bodies, whichever is sooner.
  std::chrono::nanoseconds duration{};
  uint64_t bodies = 0;
  // Bodies a second, sent when they are due; 0: each when the one before is answered.
  double rate = 0;
  // What is late by more is dropped unsent, as an exporter with a full queue does; 0: never.
  std::chrono::milliseconds longest_delay{};
  // A refused body is sent again after the pause that the server asks for, or this one when
  // that is longer; 0: it is dropped.
  std::chrono::milliseconds longest_pause{10'000};
};

struct SendCounts {
  uint64_t acknowledged = 0;  // all of these are of bodies
  uint64_t bytes = 0;         // of acknowledged ones, as they were sent
  uint64_t refused = 0;       // answers that said later
  uint64_t dropped = 0;       // refused or too late, and not sent again
  uint64_t failed = 0;        // any other answer than yes or later, or none
  std::string first_error{};
  double seconds = 0;
  // From when a body was due, at a rate, or else sent first, to its answer.
  load::LatencyHistogram latency{};
};

// Sends bodies over connections with one request at a time on each; when all were sent it
// renews and sends them again. On its loop's thread; lives until Run has ended.
class Sending {
 public:
  // Borrows the bodies. REQUIRES: they are more than the connections, if there is to be renewing
  Sending(net::EventLoop& loop, const SendOptions& options, std::vector<Body>& bodies);

  net::Task<void> Run();
  const SendCounts& counts() const { return counts_; }

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Answer {
    enum class Kind : uint8_t { kAcknowledged, kLater, kFailed };
    Kind kind = Kind::kAcknowledged;
    std::chrono::milliseconds pause{};
    std::string reason{};
  };

  net::Task<void> Work(net::HttpClient& client);
  // The next body, renewed if it was sent before; null when there are no more.
  Body* Next();
  net::Task<bool> AwaitDue(TimePoint& due);
  net::Task<void> SendUntilAnswered(net::HttpClient& client, const Body& body, TimePoint since);
  net::Task<Answer> Send(net::HttpClient& client, const Body& body);
  net::Task<Answer> SendGrpc(net::HttpClient& client, const Body& body);
  net::Task<Answer> SendHttp(net::HttpClient& client, const Body& body);
  net::RequestHead HeadOf() const;

  net::EventLoop& loop_;
  const SendOptions options_;
  const Route& route_;
  std::vector<Body>& bodies_;
  net::Endpoint endpoint_;
  net::Signal ended_;
  TimePoint started_;
  uint64_t taken_ = 0;
  uint64_t at_ = 0;  // in bodies_, over and over
  uint32_t working_ = 0;
  std::vector<std::unique_ptr<net::HttpClient>> clients_;
  SendCounts counts_;
};

}  // namespace clew::bench
