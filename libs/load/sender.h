// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "load/body_queue.h"
#include "load/latency_histogram.h"
#include "net/event_loop.h"
#include "net/http_client.h"
#include "net/signal.h"
#include "net/task.h"
#include "otlp/export_call.h"

namespace clew::load {

using otlp::Protocol;

struct SenderOptions {
  otlp::Destination destination{};
  net::Headers headers{};  // of every request
  net::ClientOptions client{};
  uint32_t connections = 4;
  uint32_t in_flight = 2;  // requests at once on a connection; HTTP/1.1 has one
  // Wall seconds that a simulated second takes; 0: as fast as possible.
  double pace = 0;
  int64_t simulated_start_ns = 0;
  std::chrono::nanoseconds give_up_after = std::chrono::seconds(120);  // with one body
};

// What was sent, and how it went.
struct SendCounts {
  uint64_t bodies = 0;  // acknowledged, duplicates included
  uint64_t spans = 0;   // acknowledged, without those of duplicates
  uint64_t bytes = 0;   // of acknowledged bodies, without framing
  uint64_t duplicate_bodies = 0;
  uint64_t rejected_spans = 0;  // said to be so in a partial success
  uint64_t failed_bodies = 0;
  uint64_t failed_spans = 0;
  uint64_t retries = 0;
  int64_t waited_ns = 0;       // for a server that said later, over all requests
  int64_t most_behind_ns = 0;  // of the pace
  std::string first_error{};
  // From when a body was due, at a pace, or sent first, without one, to its answer.
  LatencyHistogram latency{};
};

// Sends the bodies of a queue over several connections and honours a server that asks
// to wait. On its loop's thread; lives until Run has ended.
class Sender {
 public:
  Sender(net::EventLoop& loop, SenderOptions options, BodyQueue& queue);

  // Ends when the queue has.
  net::Task<void> Run();
  // The queue may have something again; on the loop's thread.
  void OnFilled() { filled_.Resume(); }
  const SendCounts& counts() const { return counts_; }

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  net::Task<void> Work(net::HttpClient& client);
  // Sleeps until the body is due; when that was, or now without a pace.
  net::Task<TimePoint> AwaitDue(int64_t due_ns);
  net::Task<otlp::ExportOutcome> SendUntilAnswered(net::HttpClient& client, std::string_view body);
  void Count(const Body& body, const otlp::ExportOutcome& outcome, TimePoint since);

  net::EventLoop& loop_;
  const SenderOptions options_;
  BodyQueue& queue_;
  net::Signal filled_;
  net::Signal ended_;
  TimePoint started_;
  uint32_t working_ = 0;
  std::vector<std::unique_ptr<net::HttpClient>> clients_;
  SendCounts counts_;
};

}  // namespace clew::load
