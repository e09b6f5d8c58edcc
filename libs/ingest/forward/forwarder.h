// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "ingest/ingestor.h"
#include "ingest/limits.h"
#include "net/event_loop.h"
#include "net/http_client.h"
#include "otlp/export_call.h"

namespace clew::ingest {

struct ForwardOptions {
  otlp::Destination destination{};
  net::Headers headers{};  // of every request, names in lower case
  std::string ca_path{};   // see net::ClientOptions
  uint64_t queue_bytes = kForwardQueueBytes;
};

// Sends everything that is stored to another place as OTLP too, from a thread of its own. Bodies
// wait in memory, in a queue of bounded size: a destination that is slow or away costs spans there
// and nothing here. Thread-safe.
class Forwarder {
 public:
  explicit Forwarder(ForwardOptions options);
  ~Forwarder();
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  // Takes a copy of a body with so many spans, or drops it when there is no room.
  void OnStored(const IngestRequest& request, uint64_t spans);

  // Takes nothing more, tries what waits once, and ends after at most `grace`; what could not be
  // sent by then is dropped. Blocks.
  void Stop(std::chrono::milliseconds grace);

  // Of spans; each that was stored is in one of them.
  struct Counters {
    uint64_t sent = 0;     // and acknowledged
    uint64_t failed = 0;   // refused, or tried for kForwardGiveUpAfter
    uint64_t dropped = 0;  // there was no room, or no time at the end
    uint64_t waiting = 0;
    uint64_t queued_bytes = 0;  // of all that wait or are being sent
  };
  Counters counters() const;

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Body {
    IngestRequest request;
    uint64_t spans = 0;
  };

  bool Reserve(uint64_t bytes, uint64_t spans);
  void Push(Body body);
  // The next body; without one the sender that asks has ended.
  std::optional<Body> Take();
  bool is_stopping() const;

  // On the loop's thread.
  net::Task<void> SendQueued();
  net::Task<otlp::ExportOutcome> SendUntilAnswered(const Body& body);
  net::Task<otlp::ExportOutcome> SendOnce(const Body& body);
  // Ends early when the forwarder is to end.
  net::Task<void> Rest(std::chrono::nanoseconds time);
  net::Headers HeadersFor(const IngestRequest& request) const;
  void Count(const Body& body, const otlp::ExportOutcome& outcome);

  // Logs that spans were not forwarded, at most so often.
  void Complain(uint64_t spans, std::string_view why);

  const ForwardOptions options_;
  const std::vector<std::string> secrets_;  // no line of the log has one
  net::EventLoop loop_;
  net::HttpClient client_;
  std::minstd_rand random_;  // for pauses, on the loop's thread

  mutable base::Mutex mutex_;
  base::CondVar idle_;  // no sender is at work
  std::deque<Body> queue_ GUARDED_BY(mutex_);
  uint32_t senders_ GUARDED_BY(mutex_) = 0;
  bool stopping_ GUARDED_BY(mutex_) = false;
  Counters counters_ GUARDED_BY(mutex_);
  TimePoint next_complaint_ GUARDED_BY(mutex_) = TimePoint::min();
  uint64_t lost_since_ GUARDED_BY(mutex_) = 0;  // spans, since the last complaint

  std::thread thread_;
};

}  // namespace clew::ingest
